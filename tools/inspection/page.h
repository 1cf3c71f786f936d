// The printable page of a package: one HTML file that needs nothing else, laid out as an official
// document is (GB/T 9704: A4, red heading, title, numbered sections), with the checkpoint it rests
// on and how to check it.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string>

#include "engine/proof/checkpoint.h"
#include "engine/proof/loss.h"
#include "engine/proof/note.h"
#include "tools/inspection/manifest.h"

namespace tools {

struct PageMatter {
  const Manifest& manifest;
  const engine::VerifierKey& key;
  const engine::Checkpoint& checkpoint;  // the newest
  std::span<const engine::Loss> losses;  // that were accepted
  const boost::json::object* report;     // of a report's package
  const boost::json::array* events;      // of any other
};

// A pure function of its matter: the verifier draws the page again and compares.
[[nodiscard]] std::string draw_page(const PageMatter& matter);

// "周报（2021-W38）" / "weekly report 2021-W38"
struct PageTitle {
  std::string chinese, english;
};
[[nodiscard]] PageTitle title_of(const About& about);

}  // namespace tools
