// Policies, their items with places and a budget, and applications from the form to the payment
// (domain.md section 10; the quota can never be overspent: interfaces.md).
#include "tests/simulation/model.h"

namespace simulation {
namespace {

bool takes(const Subject& item, Day today) {
  return item.status == "open" && item.since <= today && today < item.until;
}

}  // namespace

const Subject* Model::item_of(const std::string& no) const {
  const auto& items = subjects("item");
  const auto found = items.find(no);
  return found == items.end() || found->second.status == "withdrawn" ? nullptr : &found->second;
}

void Model::judge_item(const Ask& ask, const Subject& item, Wrong& wrong) const {
  const std::string& command = ask.command;
  if (ask.by.role == "department_officer" &&
      ask.by.department != (command == "ListItem" ? ask.text("department") : item.department))
    wrong.insert("WrongDepartment");
  if (command == "ListItem") {
    if (subjects("policy").find(ask.text("policy")) == subjects("policy").end())
      wrong.insert("UnknownPolicy");
    if (!is_active_department(ask.text("department"))) wrong.insert("UnknownDepartment");
  }
  if (command == "OpenItemWindow") {
    const Day from = parse_day(ask.text("from")), until = parse_day(ask.text("until"));
    if (!item.has_conditions) wrong.insert("NoConditions");
    if (until < from || until < day_of(ask.at)) wrong.insert("OutOfRange");
  }
  if (command == "SetItemQuota") {
    const int places = ask.number("places", -1), budget = ask.number("budget", -1);
    if (places == item.places && budget == item.budget) wrong.insert("NothingChanged");
  }
}

void Model::judge_approval(const Ask& ask, const Subject& one, Wrong& wrong) const {
  const Subject& item = subjects("item").at(one.name);
  const int amount = ask.number("amount");
  if (!one.passed) wrong.insert("NotPassed");
  if (one.reviewer == ask.by.id) wrong.insert("OwnWork");
  if (one.objection) wrong.insert("ObjectionOpen");
  if (one.status == "publicity" && day_of(ask.at) <= one.until) wrong.insert("PublicityOpen");
  if (item.co.contains(one.enterprise)) wrong.insert("AlreadyGranted");
  if (amount < 0) wrong.insert("OutOfRange");
  if (item.places >= 0 && item.granted >= item.places) wrong.insert("QuotaExhausted");
  if (item.budget >= 0 && item.spent + amount > item.budget) wrong.insert("BudgetExhausted");
}

void Model::judge_application(const Ask& ask, const Subject& one, Wrong& wrong) const {
  const std::string& command = ask.command;
  const Day today = day_of(ask.at);
  if (command == "StartApplication") {
    const auto& enterprises = subjects("enterprise");
    const auto found = enterprises.find(ask.text("enterprise"));
    if (ask.by.role == "enterprise" && ask.by.id != ask.text("enterprise"))
      wrong.insert("NotTheSubmitter");
    if (found == enterprises.end() || !has_word("registered verified", found->second.status))
      wrong.insert("UnknownEnterprise");
  } else if (command != "RaiseObjection") {
    if (ask.by.role == "enterprise" && ask.by.id != one.enterprise) wrong.insert("NotTheSubmitter");
    if (ask.by.role == "department_officer" && ask.by.department != one.department)
      wrong.insert("WrongDepartment");
  }
  if (has_word("StartApplication SubmitApplication", command)) {
    const Subject* const item =
        item_of(command == "StartApplication" ? ask.text("item") : one.name);
    if (item == nullptr) wrong.insert("UnknownItem");
    if (item != nullptr && !takes(*item, today)) wrong.insert("WindowClosed");
    if (command == "SubmitApplication" && item != nullptr && item->co.contains(one.enterprise))
      wrong.insert("AlreadyGranted");
    if (ask.number("amount") < 0) wrong.insert("OutOfRange");
  }
  if (command == "OpenPublicity") {
    if (!one.passed) wrong.insert("NotPassed");
    if (parse_day(ask.text("until")) < today) wrong.insert("OutOfRange");
  }
  if (command == "RaiseObjection" && today > one.until) wrong.insert("PublicityOver");
  if (command == "SettleObjection" && !one.objection) wrong.insert("NoObjection");
  if (command == "ApproveApplication") judge_approval(ask, one, wrong);
  if (command == "ConfirmPayment" && parse_day(ask.text("on")) > today) wrong.insert("OutOfRange");
  if (command == "RevokeGrant" && (ask.number("amount") < 0 || ask.number("amount") > one.spent))
    wrong.insert("OutOfRange");
}

void Model::accept_item(const Ask& ask, Subject& item) {
  const std::string& command = ask.command;
  if (command == "ListItem") item.department = ask.text("department");
  if (command == "SetItemConditions") item.has_conditions = true;
  if (command == "OpenItemWindow") {
    item.since = parse_day(ask.text("from"));
    item.until = parse_day(ask.text("until")) + 1;
  }
  if (command == "SetItemQuota") {
    item.places = ask.number("places", -1);
    item.budget = ask.number("budget", -1);
  }
}

void Model::accept_application(const Ask& ask, Subject& one) {
  const std::string& command = ask.command;
  if (command == "StartApplication") {
    one.name = ask.text("item");
    one.enterprise = ask.text("enterprise");
    one.department = subjects("item").at(one.name).department;
  }
  if (command == "SubmitApplication") one.spent = ask.number("amount");
  if (command == "ReturnApplication") {
    one.passed = false;
    one.reviewer.clear();
  }
  if (command == "ReviewApplication") {
    one.passed = ask.flag("passed").value_or(false);
    one.reviewer = ask.by.id;
  }
  if (command == "RevokeGrant") one.spent -= ask.number("amount");
  if (command == "OpenPublicity") one.until = parse_day(ask.text("until"));
  if (command == "RaiseObjection") one.objection = true;
  if (command == "SettleObjection") {
    one.objection = false;
    if (ask.flag("upheld").value_or(false)) one.passed = false;
  }
}

// The grant counts in the item's stream, in one group with the approval.
void Model::grant(const Ask& ask, Subject& one) {
  Subject& item = subjects_["item"].at(one.name);
  one.spent = ask.number("amount");
  item.granted += 1;
  item.spent += one.spent;
  item.co.insert(one.enterprise);
  record_in("item", one.name, "ItemGranted", ask.at, {});
  if (item.granted == item.places || item.spent == item.budget)
    record_in("item", one.name, "ItemBudgetExhausted", ask.at, {});
}

std::map<std::string, int> Model::policy_totals() const {
  std::map<std::string, int> out{{"granted", 0}, {"amount", 0}};
  for (const auto& [no, one] : subjects("application")) {
    if (!has_word("approved paying paid revoked", one.status)) continue;
    ++out["granted"];
    out["amount"] += static_cast<int>(one.spent);  // less what was revoked
  }
  return out;
}

}  // namespace simulation
