#include "tools/inspection/verifier.h"

#include <optional>

#include "tools/inspection/inspector.h"
#include "tools/inspection/page.h"

namespace tools {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, kChecks> kNames = {{
    {"archive", "文件齐全"},
    {"manifest", "清单签名"},
    {"files", "文件摘要"},
    {"checkpoint", "检查点签名"},
    {"headers", "树叶"},
    {"root", "树根"},
    {"consistency", "前段一致"},
    {"losses", "缺失确认"},
    {"complete", "无缺无添"},
    {"payloads", "事件内容"},
    {"rules", "流程时限"},
    {"report", "报表重绘"},
    {"texts", "页面清单"},
}};

}  // namespace

std::string_view name_of(Checked check) { return kNames[static_cast<std::size_t>(check)].first; }

std::string_view chinese_of(Checked check) {
  return kNames[static_cast<std::size_t>(check)].second;
}

Verdict verify_package(engine::ByteSpan archive, const engine::VerifierKey& key) {
  Verdict verdict;
  const auto contents = Contents::open(archive, key, verdict);
  if (!contents) return verdict;
  const Manifest& manifest = contents->manifest();
  const PageTitle title = title_of(manifest.about);
  verdict.origin = manifest.origin;
  verdict.seq = manifest.seq;
  verdict.about_chinese = manifest.district + title.chinese;
  verdict.about_english = title.english;
  Inspector(*contents, key, verdict).run();
  return verdict;
}

}  // namespace tools
