// In place of segmenter.cpp where the build found no segmenter (tools/words).
#include "tools/bihuan/segmenter.h"

namespace tools {

struct Segmenter::Parts {};

Segmenter::Segmenter(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Segmenter::~Segmenter() = default;
Segmenter::Segmenter(Segmenter&&) noexcept = default;
Segmenter& Segmenter::operator=(Segmenter&&) noexcept = default;

engine::Result<Segmenter> Segmenter::load(const std::string&, std::span<const std::string>) {
  return engine::fail(engine::ErrorCode::not_found,
                      "This program was built without the segmenter: tools/words fetches it.");
}

std::vector<std::string> Segmenter::words(std::string_view) const { return {}; }

std::string Segmenter::name() { return "none"; }

}  // namespace tools
