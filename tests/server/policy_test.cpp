// The dictionary and the matches over HTTP: everybody reads the one, an enterprise only its own of
// the other.
#include <doctest/doctest.h>

#include <string>

#include "tests/support/served.h"

using support::HttpClient;
using support::HttpReply;
using support::kCompany;
using support::Served;

namespace json = boost::json;

namespace {

void given_policies(Served& served) {
  served.given_office();
  served.given("office_lead", "PublishPolicy", "policy/ZC001",
               R"({"title":"支持企业研发的若干措施","number":"7号","issuer":"区政府",)"
               R"("text":"对研发投入给予补助。","from":"2021-09-01"})");
  served.given("office_lead", "AmendPolicy", "policy/ZC001",
               R"({"number":"9号","text":"对研发投入给予一次性补助。","from":"2021-09-02",)"
               R"("reason":"标准提高"})");
  served.given("office_clerk", "ListItem", "item/X001",
               R"({"policy":"ZC001","title":"研发补助","department":"D01","standard":"5%"})");
  served.given("office_clerk", "SetItemConditions", "item/X001",
               R"({"conditions":[{"node":1,"kind":"all"},)"
               R"({"node":2,"under":1,"kind":"leaf","field":"people","comparison":"at_least",)"
               R"("values":["100"],"clause":"第三条"},)"
               R"({"node":3,"under":1,"kind":"leaf","field":"industry","comparison":"one_of",)"
               R"("values":["C"]}]})");
  served.given("office_clerk", "UpdateProfile", "enterprise/" + std::string(kCompany),
               R"({"values":[{"field":"people","value":"120"}],"source":"人社",)"
               R"("as_of":"2021-08-31"})");
}

std::string own_matches() { return "/v1/matches?enterprise=" + std::string(kCompany); }

}  // namespace

TEST_CASE("the dictionary is found by phrase, tag and industry, and shows every version") {
  Served served;
  given_policies(served);
  HttpClient anybody = served.as("enterprise");
  const json::value found = anybody.get("/v1/policies?text=%E4%B8%80%E6%AC%A1%E6%80%A7").json();
  CHECK(found.at("found") == 1);  // 一次性
  const json::value row = found.at("rows").as_array().at(0);
  CHECK(row.at("number") == "9号");
  CHECK(std::string(row.at("words").as_string()).find("一次性") != std::string::npos);
  CHECK(anybody.get("/v1/policies?text=nowhere").json().at("found") == 0);
  CHECK(anybody.get("/v1/policies?tag=nothing").json().at("found") == 0);
  CHECK(anybody.get("/v1/policies?industry=C26").json().at("found") == 1);
  CHECK(anybody.get("/v1/policies?industry=F52").json().at("found") == 0);
  CHECK(anybody.get("/v1/policies?industry=x").status == 400);
  CHECK(anybody.get("/v1/policies?limit=0").status == 400);
  const json::value policy = anybody.get("/v1/policies/ZC001").json();
  REQUIRE(policy.at("versions").as_array().size() == 2);
  CHECK(policy.at("versions").as_array().at(0).at("text") == "对研发投入给予补助。");
  CHECK(policy.at("versions").as_array().at(1).at("reason") == "标准提高");
  CHECK(policy.at("items").as_array().at(0).at("conditions").as_array().at(1).at("text") ==
        "从业人员不少于 100 人");
  CHECK(anybody.get("/v1/policies/ZC002").status == 404);
  CHECK(anybody.get("/v1/policies/ZC001?seq=1").status == 404);
}

TEST_CASE("an enterprise sees what it gets and lacks, the office only of those that agreed") {
  Served served;
  given_policies(served);
  const json::value own = served.as("enterprise").get(own_matches()).json();
  const json::value row = own.at("rows").as_array().at(0);
  CHECK(row.at("text") == "待补数据");
  CHECK(row.at("leaves").as_array().at(0).at("value") == "120");
  CHECK(row.at("leaves").as_array().at(1).at("value").is_null());
  CHECK(served.as("office_clerk").get(own_matches()).json().at("rows").as_array().empty());
  served.given("enterprise", "GiveConsent", "enterprise/" + std::string(kCompany),
               R"({"purpose":"matching"})");
  CHECK(served.as("office_clerk").get(own_matches()).json().at("rows").as_array().size() == 1);
  const json::value item = served.as("office_clerk").get("/v1/matches?item=X001").json();
  CHECK(item.at("unknown") == 1);
  CHECK(item.at("rows").as_array().at(0).at("enterprise") == kCompany);
}

TEST_CASE("nobody sees another enterprise's matches, and an enterprise no item's list") {
  Served served;
  given_policies(served);
  HttpClient enterprise = served.as("enterprise");
  CHECK(enterprise.get("/v1/matches?enterprise=91512081MA62K0260E").status == 403);
  CHECK(enterprise.get("/v1/matches?item=X001").status == 403);
  CHECK(served.as("supervisor").get(own_matches()).status == 403);
  CHECK(served.nobody().get(own_matches()).status == 401);
  CHECK(served.as("office_clerk").get("/v1/matches").status == 400);
  CHECK(served.as("office_clerk").get(own_matches() + "&item=X001").status == 400);
  CHECK(served.as("office_clerk").get("/v1/matches?enterprise=unknown").status == 404);
}
