// Generated once from the State Council General Office's annual holiday notices (the address of
// each is in its row); dates as collected by NateScarlet/holiday-cn (MIT, snapshot of 2026-08-07)
// and checked day by day against npm chinese-days 1.5.7 (MIT). Days are filed under the calendar
// year of the date.
#include "tools/workload/cn_calendars.h"

namespace tools {
namespace {

using Days = std::int16_t;  // month * 100 + day

// clang-format off
constexpr Days kHolidays2019[] = {
    101, 204, 205, 206, 207, 208, 209, 210, 405, 501, 607, 913, 1001, 1002, 1003, 1004,
    1005, 1006, 1007};
constexpr Days kMakeups2019[] = {
    202, 203, 929, 1012};
constexpr Days kHolidays2019Amended[] = {
    101, 204, 205, 206, 207, 208, 209, 210, 405, 501, 502, 503, 504, 607, 913, 1001, 1002,
    1003, 1004, 1005, 1006, 1007};
constexpr Days kMakeups2019Amended[] = {
    202, 203, 428, 505, 929, 1012};
constexpr Days kHolidays2020[] = {
    101, 124, 125, 126, 127, 128, 129, 130, 404, 405, 406, 501, 502, 503, 504, 505, 625,
    626, 627, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008};
constexpr Days kMakeups2020[] = {
    119, 201, 426, 509, 628, 927, 1010};
constexpr Days kHolidays2020Amended[] = {
    101, 124, 125, 126, 127, 128, 129, 130, 131, 201, 202, 404, 405, 406, 501, 502, 503,
    504, 505, 625, 626, 627, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008};
constexpr Days kMakeups2020Amended[] = {
    119, 426, 509, 628, 927, 1010};
constexpr Days kHolidays2021[] = {
    101, 102, 103, 211, 212, 213, 214, 215, 216, 217, 403, 404, 405, 501, 502, 503, 504,
    505, 612, 613, 614, 919, 920, 921, 1001, 1002, 1003, 1004, 1005, 1006, 1007};
constexpr Days kMakeups2021[] = {
    207, 220, 425, 508, 918, 926, 1009};
constexpr Days kHolidays2022[] = {
    101, 102, 103, 131, 201, 202, 203, 204, 205, 206, 403, 404, 405, 430, 501, 502, 503,
    504, 603, 604, 605, 910, 911, 912, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1231};
constexpr Days kMakeups2022[] = {
    129, 130, 402, 424, 507, 1008, 1009};
constexpr Days kHolidays2023[] = {
    101, 102, 121, 122, 123, 124, 125, 126, 127, 405, 429, 430, 501, 502, 503, 622, 623,
    624, 929, 930, 1001, 1002, 1003, 1004, 1005, 1006};
constexpr Days kMakeups2023[] = {
    128, 129, 423, 506, 625, 1007, 1008};
constexpr Days kHolidays2024[] = {
    101, 210, 211, 212, 213, 214, 215, 216, 217, 404, 405, 406, 501, 502, 503, 504, 505,
    610, 915, 916, 917, 1001, 1002, 1003, 1004, 1005, 1006, 1007};
constexpr Days kMakeups2024[] = {
    204, 218, 407, 428, 511, 914, 929, 1012};
constexpr Days kHolidays2025[] = {
    101, 128, 129, 130, 131, 201, 202, 203, 204, 404, 405, 406, 501, 502, 503, 504, 505,
    531, 601, 602, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008};
constexpr Days kMakeups2025[] = {
    126, 208, 427, 928, 1011};
constexpr Days kHolidays2026[] = {
    101, 102, 103, 215, 216, 217, 218, 219, 220, 221, 222, 223, 404, 405, 406, 501, 502,
    503, 504, 505, 619, 620, 621, 925, 926, 927, 1001, 1002, 1003, 1004, 1005, 1006, 1007};
constexpr Days kMakeups2026[] = {
    104, 214, 228, 509, 920, 1010};

constexpr CalendarNotice kNotices[] = {
    {2019, false, "2018-12-06",
     "http://www.gov.cn/zhengce/zhengceku/2018-12/06/content_5346276.htm",
     kHolidays2019, kMakeups2019},
    {2019, true, "2019-03-22",
     "http://www.gov.cn/zhengce/zhengceku/2019-03/22/content_5375877.htm",
     kHolidays2019Amended, kMakeups2019Amended},
    {2020, false, "2019-11-21",
     "http://www.gov.cn/zhengce/zhengceku/2019-11/21/content_5454164.htm",
     kHolidays2020, kMakeups2020},
    {2020, true, "2020-01-27",
     "http://www.gov.cn/zhengce/zhengceku/2020-01/27/content_5472352.htm",
     kHolidays2020Amended, kMakeups2020Amended},
    {2021, false, "2020-11-25",
     "http://www.gov.cn/zhengce/zhengceku/2020-11/25/content_5564127.htm",
     kHolidays2021, kMakeups2021},
    {2022, false, "2021-10-25",
     "http://www.gov.cn/zhengce/zhengceku/2021-10/25/content_5644835.htm",
     kHolidays2022, kMakeups2022},
    {2023, false, "2022-12-08",
     "http://www.gov.cn/zhengce/zhengceku/2022-12/08/content_5730844.htm",
     kHolidays2023, kMakeups2023},
    {2024, false, "2023-10-25",
     "https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm",
     kHolidays2024, kMakeups2024},
    {2025, false, "2024-11-12",
     "https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm",
     kHolidays2025, kMakeups2025},
    {2026, false, "2025-11-04",
     "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
     kHolidays2026, kMakeups2026},
};
// clang-format on

}  // namespace

std::span<const CalendarNotice> calendar_notices() { return kNotices; }

}  // namespace tools
