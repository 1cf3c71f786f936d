// Policies 政策 and their vocabulary: in force from day to day, tags suggested with their sentences
// and confirmed by a person.
#include "schemas/policy.h"

#include <doctest/doctest.h>

#include <memory>

#include "tests/support/cells.h"
#include "tests/support/subject.h"

namespace policy_test {

namespace {

using namespace schemas;
using support::clerk;
using support::day;
using support::lead;
using E = EventType;
using S = PolicyStatus;

// The vocabulary V1 knows 财政补贴 and 人才.
class WithVocabulary : public support::Neighbourhood {
 public:
  WithVocabulary() {
    Vocabulary& words = vocabularies["V1"];
    words.status = VocabularyStatus::published;
    words.tags = {"人才", "财政补贴"};
    std::ranges::sort(words.tags);
  }
};

PolicyPublishedT publication() {
  PolicyPublishedT event;
  event.title = "关于支持企业研发的若干措施";
  event.number = "区政发〔2021〕7号";
  event.issuer = "区政府";
  event.text = "对研发投入给予财政补贴。";
  event.from = day("2021-09-01");
  return event;
}
PolicyAmendedT amendment() {
  PolicyAmendedT event;
  event.number = "区政发〔2021〕19号";
  event.text = "对研发投入给予财政补贴，最高一百万元。";
  event.from = day("2021-10-01");
  event.reason = "提高标准";
  return event;
}
KeywordsExtractedT keywords() {
  KeywordsExtractedT event;
  event.keywords.push_back(std::make_unique<KeywordT>());
  event.keywords.back()->word = "研发投入";
  event.keywords.back()->weight = 12'300;
  event.extractor = "cppjieba 5";
  return event;
}
PolicyTagSuggestedT suggestion(const std::string& tag = "财政补贴") {
  PolicyTagSuggestedT event;
  event.tag = tag;
  event.vocabulary = "V1";
  event.sentences = {"对研发投入给予财政补贴。"};
  event.method = TagMethod::rule;
  return event;
}
PolicyTaggedT tagging(const std::string& tag = "财政补贴") {
  PolicyTaggedT event;
  event.tag = tag;
  event.vocabulary = "V1";
  event.method = TagMethod::person;
  return event;
}
const PolicyTagRejectedT kReject{{}, "财政补贴", "文中无此意"};
const PolicyUntaggedT kUntag{{}, "财政补贴", "误标"};

class OnePolicy : public support::Subject<Policy> {
 public:
  explicit OnePolicy(support::Neighbourhood& around) : Subject("policy", "ZC001", around) {}
};

void bring_to(OnePolicy& one, S status) {
  if (status == S::none) return;
  if (status == S::drafted) {
    REQUIRE(one.act(clerk(), PolicyDraftedT{{}, "研发措施", "", ""}) == "ok");
    return;
  }
  REQUIRE(one.act(lead(), publication()) == "ok");
  if (status == S::published) return;
  REQUIRE(one.act(lead(), PolicyRepealedT{{}, day("2021-12-01"), "到期"}) == "ok");
}

std::string act(OnePolicy& one, E event) {
  switch (event) {
    case E::PolicyDrafted:
      return one.act(clerk(), PolicyDraftedT{{}, "研发措施", "", ""});
    case E::PolicyPublished:
      return one.act(lead(), publication());
    case E::PolicyAmended:
      return one.act(lead(), amendment());
    case E::PolicyRepealed:
      return one.act(lead(), PolicyRepealedT{{}, day("2021-12-01"), "到期"});
    case E::KeywordsExtracted:
      return one.act(clerk(), keywords());
    case E::PolicyTagSuggested:
      return one.act(clerk(), suggestion());
    case E::PolicyTagRejected:
      if (one.state().status == S::drafted || one.state().status == S::published)
        REQUIRE(one.act(clerk(), suggestion()) == "ok");
      return one.act(clerk(), kReject);
    case E::PolicyTagged:
      return one.act(clerk(), tagging());
    case E::PolicyUntagged:
      if (one.state().status == S::drafted || one.state().status == S::published)
        REQUIRE(one.act(clerk(), tagging()) == "ok");
      return one.act(clerk(), kUntag);
    case E::PolicyExplained:
      return one.act(clerk(), PolicyExplainedT{{}, "一图读懂", "研发投入怎么补", ""});
    default:
      return "no command in this test";
  }
}

}  // namespace

TEST_CASE("every event of a policy does in every status what the reviewed table says") {
  support::compare_cells(
      kPolicyLifecycle, TESTS_DIR "/golden/lifecycles/policy.txt", [](E event, unsigned status) {
        WithVocabulary around;
        OnePolicy one(around);
        bring_to(one, static_cast<S>(status));
        REQUIRE(static_cast<unsigned>(one.state().status) == status);
        const std::string answer = act(one, event);
        if (answer != "ok") return answer;
        return std::string(kPolicyLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

TEST_CASE("a policy is in force from its first day to its last, and until it is repealed") {
  WithVocabulary around;
  OnePolicy one(around);
  CHECK_FALSE(one.state().in_force(day("2021-09-16")));
  PolicyPublishedT event = publication();
  event.until = day("2021-08-31");
  CHECK(one.act(lead(), event) == "OutOfRange");
  event.until = day("2022-08-31");
  CHECK(one.act(lead(), event) == "ok");
  CHECK_FALSE(one.state().in_force(day("2021-08-31")));
  CHECK(one.state().in_force(day("2021-09-01")));
  CHECK(one.state().in_force(day("2022-08-31")));
  CHECK_FALSE(one.state().in_force(day("2022-09-01")));
  CHECK(one.act(lead(), PolicyRepealedT{{}, day("2022-01-01"), "提前废止"}) == "ok");
  CHECK(one.state().in_force(day("2021-12-31")));
  CHECK_FALSE(one.state().in_force(day("2022-01-01")));
}

TEST_CASE("publishing, amending and repealing are the lead's") {
  WithVocabulary around;
  OnePolicy one(around);
  CHECK(one.act(clerk(), publication()) == "WrongRole");
  bring_to(one, S::published);
  CHECK(one.act(clerk(), amendment()) == "WrongRole");
  CHECK(one.act(clerk(), PolicyRepealedT{{}, day("2021-12-01"), "到期"}) == "WrongRole");
  CHECK(one.act(support::officer("D01"), PolicyExplainedT{{}, "解读", "怎么补", ""}) == "ok");
  CHECK(one.act(support::actor(Role::enterprise), keywords()) == "WrongRole");
}

TEST_CASE(
    "a suggested tag needs the sentences that support it, and says later that it was suggested") {
  WithVocabulary around;
  OnePolicy one(around);
  bring_to(one, S::published);
  PolicyTagSuggestedT bare = suggestion();
  bare.sentences.clear();
  CHECK(one.act(clerk(), bare) == "EvidenceNeeded");
  CHECK(one.act(clerk(), suggestion("外星")) == "UnknownTag");
  CHECK(one.act(clerk(), suggestion()) == "ok");
  CHECK(one.act(clerk(), PolicyTagRejectedT{{}, "人才", ""}) == "NotSuggested");
  CHECK(one.act(clerk(), tagging()) == "ok");
  CHECK(one.last_as<PolicyTagged>().suggested());
  CHECK(one.act(clerk(), tagging("人才")) == "ok");
  CHECK_FALSE(one.last_as<PolicyTagged>().suggested());
  CHECK(one.act(clerk(), tagging()) == "AlreadyTagged");
  CHECK(one.act(clerk(), suggestion()) == "AlreadyTagged");
  CHECK(one.act(clerk(), kUntag) == "ok");
  CHECK(one.act(clerk(), kUntag) == "NotTagged");
  CHECK(one.state().tags == std::vector<std::string>{"人才"});
}

TEST_CASE("keywords are at least one and not without end") {
  WithVocabulary around;
  OnePolicy one(around);
  bring_to(one, S::published);
  KeywordsExtractedT none = keywords();
  none.keywords.clear();
  CHECK(one.act(clerk(), none) == "NothingChanged");
  KeywordsExtractedT many = keywords();
  while (many.keywords.size() <= 200)
    many.keywords.push_back(std::make_unique<KeywordT>(*many.keywords.front()));
  CHECK(one.act(clerk(), many) == "OutOfRange");
  CHECK(one.act(clerk(), keywords()) == "ok");
}

TEST_CASE("a vocabulary is published whole, each tag once, and the newest counts") {
  support::Neighbourhood around;
  support::Subject<Vocabulary> one("vocabulary", "V1", around);
  TagVocabularyPublishedT event;
  event.name = "政策标签";
  CHECK(one.act(clerk(), event) == "NothingChanged");
  for (const char* tag : {"财政补贴", "人才", "财政补贴"}) {
    event.tags.push_back(std::make_unique<VocabularyTagT>());
    event.tags.back()->tag = event.tags.back()->name = tag;
  }
  CHECK(one.act(clerk(), event) == "TagListedTwice");
  event.tags.pop_back();
  CHECK(one.act(support::actor(Role::enterprise), event) == "WrongRole");
  CHECK(one.act(clerk(), event) == "ok");
  CHECK(one.state().has("人才"));
  event.tags.pop_back();
  CHECK(one.act(clerk(), event) == "ok");
  CHECK_FALSE(one.state().has("人才"));
  CHECK(one.state().has("财政补贴"));
}

TEST_CASE("every event of a vocabulary does in every status what the reviewed table says") {
  support::compare_cells(
      kVocabularyLifecycle, TESTS_DIR "/golden/lifecycles/vocabulary.txt", [](E, unsigned status) {
        support::Neighbourhood around;
        support::Subject<Vocabulary> one("vocabulary", "V1", around);
        TagVocabularyPublishedT event;
        event.name = "政策标签";
        event.tags.push_back(std::make_unique<VocabularyTagT>());
        event.tags.back()->tag = event.tags.back()->name = "人才";
        if (status != 0) REQUIRE(one.act(clerk(), event) == "ok");
        const std::string answer = one.act(clerk(), event);
        if (answer != "ok") return answer;
        return std::string(
            kVocabularyLifecycle.statuses[static_cast<std::size_t>(one.state().status)]);
      });
}

}  // namespace policy_test
