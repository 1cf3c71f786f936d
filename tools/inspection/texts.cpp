#include "tools/inspection/texts.h"

#include "schemas/json.h"

namespace tools {

namespace json = boost::json;

json::object listed_event(const engine::RecordView& record, const engine::Hash& leaf,
                          bool present) {
  json::object event;
  if (present) {
    event = schemas::event_json(record);
  } else {
    event = {{"seq", record.seq},
             {"stream", std::string(record.kind) + "/" + std::string(record.no)},
             {"version", record.version},
             {"payload", "withheld"}};
  }
  event["leaf_hash"] = engine::hex(leaf);
  return event;
}

std::string list_text(const json::array& events) {
  std::string text = "[";
  for (const json::value& event : events)
    text.append(text.size() == 1 ? "\n" : ",\n").append(json::serialize(event));
  return text + "\n]\n";
}

std::string json_text(const json::object& document) { return json::serialize(document) + "\n"; }

std::string_view readme_text() {
  static constexpr std::string_view kText = R"(闭环账本检查包
==============

本包由营商环境诉求闭环账本导出。核对它不需要网络，也不需要相信账本所在的单位或其服务器：
只需要核对程序 bihuan-verify 和账本的验证公钥。公钥须经本包以外的途径取得（例如公告、公文或
此前的检查），包内文件所写的公钥不能用来证明包自己。

核对办法：

    bihuan-verify 本包.zip --key 验证公钥

每项核对印一行。全部通过时退出码为 0；发现问题时退出码为 1，并指出文件和事件号。

包里有什么：

    page.html         供打印和阅读的页面
    report.json       报表（报表类检查包）
    events.json       事件清单（对象类、区间类检查包）
    rules.json        截至该事件号发布过的日历和规则集
    checkpoint        账本最新的检查点：账本名、事件总数、树根、签名
    consistency       一致性证明：报表所依据的账本是该检查点的前段
    loss-0001 等      已确认的缺失：两人签署的说明，及其保留部分的一致性证明（没有缺失则无此文件）
    tile/entries/..   事件头（每文件 256 条）；树叶是事件头的摘要
    tile/1/.. 等      树上较高各层的摘要
    payloads/..       事件内容；按规定封存的字段仍然封存，未随包提供的内容标明略去
    MANIFEST.json     清单：每个文件的长短和 SHA-256
    MANIFEST.note     账本密钥对清单的签名

不用 bihuan-verify 也能核对：各文件的逐字节格式见 docs/FORMAT.md，签名与树采用公开的 C2SP 和
RFC 6962 格式，SHA-256、Ed25519 可用 openssl 计算。

Inspection package of a Bihuan ledger
=====================================

Checking this package takes no network and no trust in the office that keeps the ledger, or in its
server: only the program bihuan-verify and the ledger's verifier key. Get the key by another way than
this package (a notice, a letter, an earlier inspection); a key that is written in the package proves
nothing about the package.

    bihuan-verify PACKAGE.zip --key VERIFIER-KEY

One line a check. Exit code 0: everything holds. Exit code 1: something is wrong, and the lines name
the file and the event.

    page.html         the page to print and read
    report.json       the report (package of a report)
    events.json       the events (package of a stream or a range)
    rules.json        calendars and rule sets published so far
    checkpoint        the ledger's newest checkpoint: origin, size, root of the tree, signature
    consistency       proof that what this package rests on is the beginning of that checkpoint
    loss-0001 and on  accepted losses: each statement with both signatures, and the proof that the
                      checkpoint continues what was kept (where nothing is lost: none)
    tile/entries/..   the headers of events, 256 a file; the leaves of the tree are their hashes
    tile/1/.. and so on   hashes of the higher levels of the tree
    payloads/..       what the events say; sealed fields stay sealed, what was left out is marked
    MANIFEST.json     every file with its size and SHA-256
    MANIFEST.note     the ledger's signature over the manifest

You need not use bihuan-verify: docs/FORMAT.md has every byte; signatures and tree are C2SP's and
RFC 6962's, and openssl computes SHA-256 and Ed25519.
)";
  return kText;
}

}  // namespace tools
