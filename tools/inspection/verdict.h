// What came out of checking a package: one line a check, and what is wrong under it, each with the
// file and, where it is one record, its seq.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tools {

// In the order in which they are printed.
enum class Checked : std::uint8_t {
  archive,      // a zip with exactly the files that the manifest lists
  manifest,     // signed by the key
  files,        // sizes and hashes
  checkpoint,   // signed by the key
  headers,      // every leaf
  root,         // the tree over them
  consistency,  // that tree is the beginning of the checkpoint's
  losses,       // that were accepted: by two, and what they kept is continued
  complete,     // nothing left out, nothing added
  payloads,     // every payload is the one that its header names
  rules,        // lifecycles and deadlines
  report,       // drawn again, it is the same
  texts,        // page, lists and README are drawn from the same
};
inline constexpr std::size_t kChecks = 13;

struct Wrong {
  Checked check = Checked::archive;
  std::string file = {};  // empty: the package as a whole
  std::uint64_t seq = 0;  // 0: no single record
  std::string chinese = {}, english = {};
  bool operator==(const Wrong&) const = default;
};

struct Check {
  bool made = false;  // false: the package does not hold what it takes, or an earlier check failed
  std::string chinese, english;  // what was found, or why it was not made
  std::vector<Wrong> wrong;
};

struct Verdict {
  std::array<Check, kChecks> checks;
  std::string origin, about_chinese, about_english;
  std::uint64_t seq = 0;

  [[nodiscard]] Check& of(Checked check) { return checks[static_cast<std::size_t>(check)]; }
  [[nodiscard]] const Check& of(Checked check) const {
    return checks[static_cast<std::size_t>(check)];
  }
  void add(Wrong wrong) {
    Check& check = of(wrong.check);
    check.made = true;
    if (std::ranges::find(check.wrong, wrong) == check.wrong.end())
      check.wrong.push_back(std::move(wrong));
  }
  [[nodiscard]] bool sound(Checked check) const { return of(check).wrong.empty(); }
  [[nodiscard]] bool nothing_wrong() const {
    return std::ranges::all_of(checks, [](const Check& check) { return check.wrong.empty(); });
  }
  // Nothing wrong, and everything was looked at. The report alone may be missing: other packages
  // have none, and one whose payloads were left out cannot be drawn again.
  [[nodiscard]] bool sound() const {
    return nothing_wrong() && std::ranges::all_of(checks, [this](const Check& check) {
             return check.made || &check == &of(Checked::report);
           });
  }
};

[[nodiscard]] std::string_view name_of(Checked check);  // "manifest"
[[nodiscard]] std::string_view chinese_of(Checked check);

}  // namespace tools
