// The dictionary of policies 政策字典 as of a moment: found by full text, tag and industry; one
// policy with its versions, tags, keywords and items.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "projections/policy_book.h"
#include "projections/report.h"

namespace projections {

struct DictionaryQuestion {
  std::string text, tag, industry;    // empty: any
  std::size_t limit = 0, offset = 0;  // limit 0: all
};

// What was published: a draft is in its stream, for those who work on it.
// Policies whose title, number or text has the phrase, that have the tag, and of which an item is
// open to the industry (a code; an item that asks for none is open to all).
[[nodiscard]] boost::json::object dictionary(const Facts& facts, const Moment& moment,
                                             const DictionaryQuestion& question);
// One policy; not_found: none of that number was published by the moment.
[[nodiscard]] engine::Result<boost::json::object> policy_entry(const Facts& facts,
                                                               const Moment& moment,
                                                               std::string_view policy);

}  // namespace projections
