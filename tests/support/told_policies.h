// A policy, its items, two enterprises and what became of them, as lines of a history; after
// History::kFoundation.
#pragma once

#include <string>

#include "tests/support/history.h"

namespace support {

// A code of the right shape; its check digit needs a proof.
[[nodiscard]] inline std::string code_of(int number) {
  const std::string digits = std::to_string(number);
  return "913702" + std::string(12 - digits.size(), '0') + digits;
}

// One policy with two items: X001 asks for 100 people, X002 for a town. Both enterprises agree to
// being matched, one to being told as well.
inline History& tell_policies(History& history) {
  return history.tell(R"(
    2021-09-01 09:00 | clerk | PublishTagVocabulary | vocabulary/V1 | {"name":"政策标签","tags":[{"tag":"研发","name":"研发投入"},{"tag":"人才","name":"人才引育"},{"tag":"用地","name":"用地保障"}]}
    2021-09-01 09:10 | lead | PublishPolicy | policy/ZC001 | {"title":"支持企业研发的若干措施","number":"区政发〔2021〕7号","issuer":"区政府","text":"对研发投入给予补助。","from":"2021-09-01"}
    2021-09-01 09:20 | D07 | ListItem | item/X001 | {"policy":"ZC001","title":"研发投入补助","department":"D07","standard":"按 5% 补助"}
    2021-09-01 09:30 | D07 | SetItemConditions | item/X001 | {"conditions":[{"node":1,"kind":"leaf","field":"people","comparison":"at_least","values":["100"],"clause":"第三条"}]}
    2021-09-01 09:31 | D07 | SetItemMode | item/X001 | {"mode":"direct"}
    2021-09-01 09:32 | D07 | OpenItemWindow | item/X001 | {"from":"2021-09-01","until":"2021-10-31"}
    2021-09-01 09:40 | D07 | ListItem | item/X002 | {"policy":"ZC001","title":"房租减免","department":"D07","standard":"减免三个月"}
    2021-09-01 09:50 | D07 | SetItemConditions | item/X002 | {"conditions":[{"node":1,"kind":"leaf","field":"town","comparison":"equals","values":["湖岛街道"]}]}
    2021-09-02 09:00 | D07 | UpdateProfile | enterprise/91350100M000100Y43 | {"values":[{"field":"people","value":"120"},{"field":"town","value":"湖岛街道"},{"field":"industry","value":"C26"}],"source":"人社","as_of":"2021-08-31"}
    2021-09-02 09:10 | D07 | UpdateProfile | enterprise/91512081MA62K0260E | {"values":[{"field":"people","value":"300"},{"field":"industry","value":"F52"}],"source":"人社","as_of":"2021-08-31"}
    2021-09-02 10:00 | 91350100M000100Y43 | GiveConsent | enterprise/91350100M000100Y43 | {"purpose":"matching"}
    2021-09-02 10:01 | 91350100M000100Y43 | GiveConsent | enterprise/91350100M000100Y43 | {"purpose":"pushing"}
    2021-09-02 10:02 | 91350100M000100Y43 | SetSubscription | enterprise/91350100M000100Y43 | {"subscribed":true}
    2021-09-02 10:03 | 91512081MA62K0260E | GiveConsent | enterprise/91512081MA62K0260E | {"purpose":"matching"}
  )");
}

inline History& tell_push(History& history) {
  return history.tell(R"(
    2021-09-03 09:00 | clerk | ComputeMatch | application/SB0001 | {"enterprise":"91350100M000100Y43","item":"X001"}
    2021-09-03 09:10 | clerk | PushPolicy | enterprise/91350100M000100Y43 | {"item":"X001","application":"SB0001","reason":"因为贵企业从业人员 120 人。"}
  )");
}

inline History& tell_grant(History& history) {
  return history.tell(R"(
    2021-09-03 10:00 | 91350100M000100Y43 | ReadPolicy | enterprise/91350100M000100Y43 | {"item":"X001"}
    2021-09-03 11:00 | 91350100M000100Y43 | ConfirmIntent | application/SB0001 | {}
    2021-09-06 09:00 | D07 | ApproveApplication | application/SB0001 | {"amount":5000000000}
    2021-09-06 10:00 | D07 | OrderPayment | application/SB0001 | {}
    2021-09-07 10:00 | D07 | ConfirmPayment | application/SB0001 | {"on":"2021-09-07"}
  )");
}

}  // namespace support
