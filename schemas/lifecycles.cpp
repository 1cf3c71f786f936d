// The list of every lifecycle, apart from lifecycle.cpp so that a subject's own tests link without
// the others.
#include <array>

#include "schemas/appeal.h"
#include "schemas/application.h"
#include "schemas/calendar.h"
#include "schemas/directory.h"
#include "schemas/item.h"
#include "schemas/lifecycle.h"
#include "schemas/plan.h"
#include "schemas/policy.h"
#include "schemas/rules.h"
#include "schemas/supervisor.h"
#include "schemas/supervisor_report.h"
#include "schemas/task.h"

namespace schemas {

std::span<const Lifecycle* const> all_lifecycles() {
  static constexpr std::array<const Lifecycle*, 15> kAll{
      &kCalendarLifecycle,   &kRulesLifecycle,      &kDepartmentLifecycle, &kEnterpriseLifecycle,
      &kAppealLifecycle,     &kAssignmentLifecycle, &kRatingLifecycle,     &kSupervisorLifecycle,
      &kReportLifecycle,     &kPlanLifecycle,       &kTaskLifecycle,       &kPolicyLifecycle,
      &kVocabularyLifecycle, &kItemLifecycle,       &kApplicationLifecycle};
  return kAll;
}

}  // namespace schemas
