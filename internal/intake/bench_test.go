package intake

import "testing"

// benchmarkRows is the number of rows each benchmark reads in one run.
const benchmarkRows = 10_000

func BenchmarkJSONLines(b *testing.B) {
	data := messages(benchmarkRows)
	benchmark(b, "m.jsonl", data, exampleMapping(b, "messages_with_replies.json"))
}

func BenchmarkCSV(b *testing.B)      { benchmarkTable(b, "book.csv") }
func BenchmarkWorkbook(b *testing.B) { benchmarkTable(b, "book.xlsx") }

// benchmarkTable turns the messages into a table first.
func benchmarkTable(b *testing.B, name string) {
	b.Helper()
	records, _ := importAll(b, "m.jsonl", messages(benchmarkRows), exampleMapping(b, "messages_with_replies.json"))
	var data []byte
	if name == "book.xlsx" {
		data = asWorkbook(b, Targets(), records, column)
	} else {
		data = asTable(b, Targets(), records, column, ',')
	}
	benchmark(b, name, data, identity(b))
}

func benchmark(b *testing.B, name string, data []byte, m Mapping) {
	b.Helper()
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if records, refused := importAll(b, name, data, m); len(records) != benchmarkRows {
			b.Fatalf("%d records, refused %+v", len(records), refused[:1])
		}
	}
}
