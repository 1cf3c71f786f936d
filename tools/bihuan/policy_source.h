// Policy documents as commands: a line a document (JSON Lines with title, number, office, url_date,
// source_url, text), or a file a document (text, HTML, Word, PDF), of which pandoc or pdftotext
// gives the text.
#pragma once

#include <memory>
#include <string>

#include "engine/clock.h"
#include "engine/result.h"
#include "tools/bihuan/source.h"

namespace tools {

struct PolicyFacts {
  engine::Micros at = 0;  // when it is recorded
  std::string actor;      // who publishes it, an office lead
  // Of a file that is one document, where it does not say so itself; empty: it must.
  std::string issuer, number, title, from;
};

// PublishPolicy for each document of the file, under an id that follows from its number and text,
// so that the same document is recorded once. Errors: bad_input (the file is none of these, or says
// too little, in one sentence), io.
[[nodiscard]] engine::Result<std::unique_ptr<ItemSource>> open_policies(const std::string& path,
                                                                        const PolicyFacts& facts);

}  // namespace tools
