// Every way an appeal, a report or a task can take in a generated district, and how often, per
// mille of those that come to the fork. The rates are our choice: a district in which all of it
// happens.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tools {

// clang-format off
#define WORKLOAD_PATHS(X) \
  /* how an appeal comes in and may leave early:   per mille of appeals */ \
  X(supplement_requested,   25) \
  X(supplemented_unasked,   15) \
  X(submitted_by_office,   100)  /* by telephone or visit, the office writes it down */ \
  X(accepted_late,          15) \
  X(rejected,               30) \
  X(withdrawn,              15) \
  X(merged,                 12) \
  X(unmerged,              100)  /* of merged */ \
  X(transferred_out,         8) \
  X(excluded,                3) \
  X(escalated,              10) \
  X(shelved,                 6) \
  X(classified,            150) \
  X(two_matters,            80) \
  X(dispatched_late,        15) \
  /* assignments:                                  per mille of matters */ \
  X(same_day,              120) \
  X(co_handled,            150) \
  X(co_opinion_late,        60)  /* of co-handlers */ \
  X(return_asked,           40) \
  X(return_approved,       700)  /* of returns asked; the others are refused */ \
  X(return_ruled_late,      80) \
  X(redispatched,           15) \
  X(cancelled,               6) \
  X(signed_expressly,      250) \
  X(handler_named,          60) \
  X(contact_failed,         50) \
  X(contact_failed_thrice,  12) \
  X(contact_late,           40) \
  X(contact_never,          10) \
  X(extension,              50) \
  X(extension_approved,    750)  /* of extensions asked */ \
  X(extension_second,      200)  /* of extensions approved */ \
  X(extension_notified,    900) \
  X(long_term,              30) \
  X(long_term_refused,     120)  /* of long-term requests */ \
  X(progress_missed,       120)  /* of weeks */ \
  X(progress_late,          50) \
  X(progress_repeated,      40) \
  X(long_term_lasting,     150)  /* of long-term matters: beyond their date */ \
  X(suspended,              10) \
  X(completion_late,        60) \
  X(completion_sent_back,   30) \
  X(completion_accepted,   200) \
  X(reminded,              500)  /* of late completions, and so the next four */ \
  X(yellow_card,           300) \
  X(red_card,              400) \
  X(card_contested,        250)  /* of red cards */ \
  X(card_waived,           400)  /* of contested cards */ \
  X(supervision_ordered,   300) \
  X(contact_red_card,      150)  /* of late contacts */ \
  /* after the conclusion:                         per mille of conclusions */ \
  X(never_concluded,         8) \
  X(callback_late,          30) \
  X(callback_unreached,    100) \
  X(callback_exhausted,     15) \
  X(reopened,               20) \
  X(rated,                 550) \
  X(rated_badly,            40)  /* of ratings */ \
  X(rating_supplemented,    40) \
  X(bad_rating_assigned,   600)  /* of bad ratings */ \
  X(bad_rating_verified_late, 100) \
  X(finding_partly_true,   260) \
  X(finding_mistaken,      150) \
  X(finding_untrue,        100) \
  X(rating_invalidated,    400)  /* of untrue ones */ \
  X(rating_contested,      120)  /* of true and partly true ones */ \
  X(contest_upheld,        400) \
  X(rectification_planned, 150) \
  X(rectification_late,    150) \
  X(rectification_rejected, 150) \
  X(rectification_unfinished, 40) \
  X(rating_revisited,      500) \
  X(never_closed,           15) \
  /* supervisors and their reports:                per mille of either */ \
  X(supervisor_reappointed, 700) \
  X(supervisor_dismissed,   60) \
  X(supervisor_suspended,   60) \
  X(report_by_office,      100) \
  X(report_clue,           300) \
  X(report_sealed,         250) \
  X(report_register_late,   60) \
  X(report_declined,        50) \
  X(report_graded,         400)  /* of suggestions; a clue always is */ \
  X(clue_transferred,      150)  /* of clues */ \
  X(report_conclude_late,   80) \
  X(report_rated,          600) \
  X(report_reopened,        40) \
  X(identity_accessed,     100)  /* of sealed reports */ \
  X(retaliation_reported,   15) \
  /* tasks of the plan:                            per mille of tasks */ \
  X(task_blocked,          100) \
  X(task_adjusted,          80) \
  X(task_adjustment_refused, 250) \
  X(task_progress_corrected, 30) \
  X(task_verification_failed, 60) \
  X(task_reopened,          30) \
  X(task_cancelled,         10) \
  X(task_supervised,        40) \
  X(task_behind,           150) \
  X(task_innovation,        60) \
  /* enterprises */ \
  X(code_fails,              5) \
  X(enterprise_verified,   300) \
  X(enterprise_contact,    400)
// clang-format on

enum class Path : std::uint8_t {
#define WORKLOAD_PATH_ENUM(name, rate) name,
  WORKLOAD_PATHS(WORKLOAD_PATH_ENUM)
#undef WORKLOAD_PATH_ENUM
};

struct PathRate {
  std::string_view name;
  int per_mille = 0;
};
inline constexpr PathRate kPaths[] = {
#define WORKLOAD_PATH_ROW(name, rate) {#name, rate},
    WORKLOAD_PATHS(WORKLOAD_PATH_ROW)
#undef WORKLOAD_PATH_ROW
};
inline constexpr std::size_t kPathCount = std::size(kPaths);

// How often each path was taken, in order of kPaths.
using PathCounts = std::array<std::int64_t, kPathCount>;

}  // namespace tools
