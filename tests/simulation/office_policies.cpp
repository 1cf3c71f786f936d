// Who asks for what about policies: items that open and close, and applications for their few
// places.
#include "tests/simulation/office.h"

namespace simulation {
namespace {

using boost::json::array;
using boost::json::object;

constexpr const char* kItems[] = {"X1", "X2"};

const std::map<std::string_view, int> kEagerness = {
    {"SubmitApplication", 30}, {"AcceptApplication", 30},  {"ReviewApplication", 30},
    {"OpenPublicity", 30},     {"ApproveApplication", 20}, {"SettleObjection", 12},
    {"RaiseObjection", 10},    {"OrderPayment", 6},        {"ConfirmPayment", 6},
    {"ReturnApplication", 1},  {"RejectApplication", 1},   {"WithdrawApplication", 1},
    {"RevokeGrant", 1},        {"OpenItemWindow", 12},     {"CloseItemWindow", 1},
    {"WithdrawItem", 1},       {"SetItemQuota", 4}};

int eagerness(std::string_view command) {
  const auto found = kEagerness.find(command);
  return found == kEagerness.end() ? 2 : found->second;
}

}  // namespace

Ask Office::about_policy(const Model& model, Micros now) {
  Ask ask{.at = now, .kind = "application", .id = fresh_id()};
  const Subject* subject = nullptr;
  const auto& all = model.subjects("application");
  if (random_.per_mille(70)) {
    ask.kind = "item";
    ask.no = random_.one_of(kItems);
    const auto& items = model.subjects("item");
    if (const auto found = items.find(ask.no); found != items.end()) subject = &found->second;
  } else if (!all.empty() && !random_.per_mille(180)) {
    auto at = all.begin();
    std::advance(at, random_.below(static_cast<std::int64_t>(all.size())));
    ask.no = at->first;
    subject = &at->second;
  }
  std::vector<Choice> choices;
  if (subject != nullptr)
    for (const Row& row : procedure())
      if (row.about == ask.kind && has_word(row.from, subject->status) &&
          !(subject->objection && row.command == "RejectApplication"))
        choices.push_back({eagerness(row.command), &row, nullptr});
  if (choices.empty()) {
    ask.kind = "application";
    ask.no = "SB-" + std::to_string(++applications_);
    ask.command = "StartApplication";
    const std::string code = enterprise();
    ask.by = person("EEC", "", code, "");
    ask.data = {{"enterprise", code}, {"item", random_.one_of(kItems)}};
    return ask;
  }
  const Choice& choice = pick(choices);
  ask.command = choice.row->command;
  ask.by = person(choice.row->roles, subject->department,
                  subject->enterprise.empty() ? enterprise() : subject->enterprise, "S01");
  fill_policy(ask);
  return ask;
}

void Office::fill_policy(Ask& ask) {
  const std::string& command = ask.command;
  object& data = ask.data;
  const auto soon = [&](int from, int to) {
    return day_text(day_of(ask.at) + static_cast<Day>(random_.between(from, to)));
  };
  if (command == "PublishPolicy")
    data = {{"title", "政策"},
            {"number", "一号"},
            {"issuer", "区"},
            {"text", "文"},
            {"from", soon(0, 0)}};
  if (command == "ListItem")
    data = {
        {"policy", "Z1"}, {"title", "补助"}, {"department", department()}, {"standard", "一次"}};
  if (command == "SetItemConditions")
    data["conditions"] = array{object{{"node", 1},
                                      {"kind", "leaf"},
                                      {"field", "people"},
                                      {"comparison", "at_least"},
                                      {"values", array{"1"}}}};
  if (command == "OpenItemWindow") data = {{"from", soon(-9, 0)}, {"until", soon(-1, 120)}};
  if (command == "SetItemQuota") {
    data["places"] = random_.per_mille(100) ? 0 : random_.between(1, 3);
    if (random_.per_mille(500)) data["budget"] = random_.between(0, 3) * 1000;
  }
  if (command == "StartApplication")
    data = {{"enterprise", enterprise()}, {"item", random_.one_of(kItems)}};
  if (has_word("SubmitApplication ApproveApplication RevokeGrant", command))
    data["amount"] = random_.per_mille(20) ? -1 : random_.between(0, 3) * 500;
  if (command == "ReviewApplication")
    data = {{"passed", random_.per_mille(850)}, {"text", words()}};
  if (command == "OpenPublicity") data["until"] = soon(-1, 20);
  if (command == "RaiseObjection") data["text"] = words();
  if (command == "SettleObjection") data = {{"upheld", random_.per_mille(300)}, {"text", words()}};
  if (command == "ConfirmPayment") data["on"] = soon(-1, 1);
  if (has_word("ReturnApplication RejectApplication RevokeGrant WithdrawItem", command))
    data["reason"] = words();
}

}  // namespace simulation
