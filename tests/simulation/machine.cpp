#include "tests/simulation/machine.h"

#include <filesystem>
#include <utility>

#include "schemas/json.h"

namespace simulation {
namespace fs = std::filesystem;

Machine::Machine(std::string dir)
    : dir_(std::move(dir)), keys_(dir_ + ".keys"), ring_(engine::Hash{7}) {}

std::string Machine::create() {
  if (const auto made = engine::Log::create(dir_, "模拟区"); !made) return made.error().text;
  if (const auto key = signing().create("simulation.example/ledger"); !key) return key.error().text;
  return start();
}

std::string Machine::start() {
  auto log = engine::Log::open(dir_, engine::OpenMode::read_write);
  if (!log) return log.error().text;
  log_ = std::move(*log);
  district_ = std::make_unique<schemas::District>(*log_, ring_);
  if (const auto loaded = district_->load(log_->last_recorded_at()); !loaded)
    return loaded.error().text;
  writer_ = std::make_unique<Writer>(*log_, *district_);
  derived_ = std::make_unique<engine::Derived<projections::Facts>>(*log_);
  return {};
}

void Machine::stop() {
  writer_.reset();
  district_.reset();
  derived_.reset();
  log_.reset();
}

std::string Machine::kill() {
  const std::string copy = dir_.substr(0, dir_.find(".copy")) + ".copy" + std::to_string(++copies_);
  std::error_code error;
  fs::copy(dir_, copy, fs::copy_options::recursive, error);
  stop();
  if (error) return error.message();
  fs::remove_all(dir_, error);
  dir_ = copy;
  return error ? error.message() : start();
}

engine::Answer Machine::ask(const std::string& line) {
  engine::Answer answer;
  auto command = schemas::parse_line(line);
  if (!command) {
    answer.refused = schemas::code_name(command.error().code);
    answer.text = schemas::sentence(command.error());
    return answer;
  }
  return writer_->execute(std::move(*command)).value_or(answer);
}

}  // namespace simulation
