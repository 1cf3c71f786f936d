// A crowd for the few places of one item: application/S1 to S<N>, each of an enterprise of its own
// that meets the conditions and has confirmed its intent. All that is left is the approval.
#pragma once

#include <string>

#include "tests/support/office.h"

namespace support {

inline std::string application_of(int number) { return "application/S" + std::to_string(number); }

// `quota`: the data of SetItemQuota, for item/X1.
inline void open_item(Office& office, const std::string& quota) {
  const auto must = [&](std::string_view by, std::string_view command, std::string_view stream,
                        std::string_view data) {
    REQUIRE(office.act("2021-09-01T09:00", by, command, stream, data) == "ok");
  };
  must("office_lead:l", "CreateDepartment", "department/D06", R"({"name":"科技局"})");
  must("office_lead:l", "PublishPolicy", "policy/Z1",
       R"({"title":"t","number":"n","issuer":"i","text":"x","from":"2021-09-01"})");
  must("office_clerk:c", "ListItem", "item/X1",
       R"({"policy":"Z1","title":"t","department":"D06","standard":"s"})");
  must(
      "office_clerk:c", "SetItemConditions", "item/X1",
      R"({"conditions":[{"node":1,"kind":"leaf","field":"people","comparison":"at_least","values":["1"]}]})");
  must("office_clerk:c", "OpenItemWindow", "item/X1",
       R"({"from":"2021-09-01","until":"2021-09-30"})");
  must("office_clerk:c", "SetItemMode", "item/X1", R"({"mode":"direct"})");
  must("office_clerk:c", "SetItemQuota", "item/X1", quota);
}

// A code with the shape of GB 32100-2015; its check digit may fail, so it comes with proof.
inline void confirm_intent(Office& office, int number) {
  const std::string digits = std::to_string(number),
                    code = "91350100M" + std::string(9 - digits.size(), '0') + digits,
                    stream = "enterprise/" + code, self = "enterprise:" + code;
  const auto must = [&](std::string_view by, std::string_view command, std::string_view of,
                        const std::string& data) {
    REQUIRE(office.act("2021-09-02T09:00", by, command, of, data) == "ok");
  };
  must("office_clerk:c", "RegisterEnterprise", stream, R"({"name":"n","proof":"p"})");
  must(self, "GiveConsent", stream, R"({"purpose":"matching"})");
  must("office_clerk:c", "UpdateProfile", stream,
       R"({"values":[{"field":"people","value":"5"}],"source":"s","as_of":"2021-09-01"})");
  must("system:m", "ComputeMatch", application_of(number),
       R"({"item":"X1","enterprise":")" + code + "\"}");
  must(self, "ConfirmIntent", application_of(number), "{}");
}

}  // namespace support
