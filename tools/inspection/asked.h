// What a package is asked to be about, as texts: from the command line's options or from a request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "projections/catalog.h"
#include "tools/inspection/manifest.h"

namespace tools {

struct AskedPackage {
  std::string report, stream, range;  // one of the three; a range is "A..B", both inclusive
  std::vector<std::string> without;   // streams whose payloads are left out
};

// bad_input: not one subject, or a text that is not of its form. `question`: of the report.
[[nodiscard]] engine::Result<About> about_of(const AskedPackage& asked,
                                             projections::Question question);

}  // namespace tools
