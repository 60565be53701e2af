package document_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"huiyin/internal/document"
)

var update = flag.Bool("update", false, "write the golden file anew")

// sampleFields are those of a reply opinion.
func sampleFields() []document.Field {
	var out []document.Field
	for _, name := range strings.Fields("机关 文号 信访人 事由 附件 成文日期 联系人 电话 抄送 印发 收到日期 渠道 登记编号 受理日期 经办机构 听证日期 调查情况 复查期限 复查机关 延长理由") {
		out = append(out, document.Field{Name: name, Means: name})
	}
	rows := func(names string) []document.Field {
		var f []document.Field
		for _, n := range strings.Fields(names) {
			f = append(f, document.Field{Name: n, Means: n})
		}
		return f
	}
	return append(out,
		document.Field{Name: "诉求", Means: "各项诉求", Rows: rows("内容 事实与理由 认定 意见")},
		document.Field{Name: "依据", Means: "各条依据", Rows: rows("名称 条款 条文")})
}

// sampleValues are a long reply, with rare characters in a name, Latin words and amounts.
func sampleValues() document.Values {
	return document.Values{
		"机关": "临江市人力资源和社会保障局", "文号": "临人社信〔2026〕3号", "信访人": "陈玉䶮", "事由": "拖欠工资和工伤待遇",
		"附件": "1至3月工资发放明细表\n《工伤认定决定书》（临人社工认〔2025〕1187号）复印件，共12页，以及本机关向临江市宏达建筑工程有限公司调取的考勤记录", "成文日期": "2026年3月9日", "联系人": "周敏", "电话": "0571-8801 2345", "抄送": "临江市信访局，临江市住房和城乡建设局，临江市总工会，城关镇人民政府，临江市劳动保障监察大队，临江市社会保险事业管理中心。",
		"印发": "临江市人力资源和社会保障局办公室　2026年3月9日印发", "收到日期": "2026年1月12日", "渠道": "网上信访平台（https://xf.linjiang.example/petitions/2026）", "登记编号": "LJ-2026-000318",
		"受理日期": "2026年1月15日", "经办机构": "劳动关系科", "听证日期": "2026年2月26日", "复查期限": "2026年4月10日", "复查机关": "临江市人民政府", "延长理由": "",
		"调查情况": "经查，陈玉䶮于2024年3月1日进入临江市宏达建筑工程有限公司（统一社会信用代码91330000MA27XXXX1K）从事钢筋工作业，双方签订了为期两年的书面劳动合同，约定月工资为人民币6,800.00元，于次月15日前以银行转账方式支付。该公司于2025年10月起因资金周转困难停止发放工资，至2025年12月31日累计欠付三个月工资共计20,400.00元。\n本机关于2026年1月20日向该公司发出《劳动保障监察询问通知书》，该公司法定代表人到案说明情况，对欠付的事实和数额没有异议，并于2026年2月10日提交书面的支付计划：分两期支付，第一期10,000.00元于2026年2月28日前付清，第二期10,400.00元于2026年3月31日前付清。经核对银行流水，第一期款项已于2026年2月27日到账。\n关于工伤待遇，陈玉䶮于2025年6月18日在工地作业时右手受伤，临江市人民医院诊断为“右示指远节指骨骨折”，本机关于2025年8月4日作出工伤认定；劳动能力鉴定委员会于2025年11月20日鉴定为十级伤残。该公司未为其参加工伤保险，依法应当由用人单位按照工伤保险待遇项目和标准支付费用。",
		"诉求": []document.Values{
			{"内容": "请求责令用人单位支付2025年10月至12月工资", "事实与理由": "信访人称用人单位自2025年10月起未支付工资，多次催要没有结果。", "认定": "欠付三个月工资共20,400.00元，已支付10,000.00元，尚欠10,400.00元", "意见": "予以支持。责令该公司于2026年3月31日前付清"},
			{"内容": "请求落实工伤待遇", "事实与理由": "信访人称受伤后用人单位只垫付了医疗费，未支付一次性伤残补助金。", "认定": "工伤认定和十级伤残鉴定已生效，该公司未参加工伤保险", "意见": "予以支持。告知其依法向劳动人事争议仲裁委员会申请仲裁，本机关提供法律援助转介"},
			{"内容": "请求公开该公司的处罚记录", "事实与理由": "信访人认为应当向社会公布。", "认定": "该公司的违法行为尚在立案调查，未作出处罚决定", "意见": "不予支持。处罚决定作出后依法公示"},
		},
		"依据": []document.Values{
			{"名称": "《信访工作条例》", "条款": "第三十二条第一款第一项", "条文": "请求事实清楚，符合法律、法规、规章或者其他有关规定的，予以支持；"},
			{"名称": "《中华人民共和国劳动法》", "条款": "第五十条", "条文": "工资应当以货币形式按月支付给劳动者本人。不得克扣或者无故拖欠劳动者的工资。"},
			{"名称": "《工伤保险条例》", "条款": "第六十二条第二款", "条文": "依照本条例规定应当参加工伤保险而未参加工伤保险的用人单位职工发生工伤的，由该用人单位按照本条例规定的工伤保险待遇项目和标准支付费用。"},
		},
	}
}

// sample gives the filled reply of testdata/reply.txt.
func sample(tb testing.TB) document.Doc {
	tb.Helper()
	text, err := os.ReadFile("testdata/reply.txt")
	if err != nil {
		tb.Fatal(err)
	}
	t, err := document.Parse(string(text), sampleFields())
	if err != nil {
		tb.Fatal(err)
	}
	d, err := t.Fill(sampleValues())
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// TestSampleText: the whole reply as text.
func TestSampleText(t *testing.T) {
	got := sample(t).Text()
	if *update {
		if err := os.WriteFile("testdata/reply.golden", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/reply.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}
