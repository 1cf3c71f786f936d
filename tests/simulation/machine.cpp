#include "tests/simulation/machine.h"

#include <utility>

#include "engine/log/head.h"
#include "schemas/json.h"

namespace simulation {

Machine::Machine(std::uint64_t seed)
    : dir_(crash::kRoot + "/ledger"),
      keys_(dir_ + ".keys"),
      disk_(seed ^ 0xD15C),
      mounted_(disk_),
      numbers_(seed ^ 0x1055),
      ring_(engine::Hash{7}) {}

std::string Machine::create() {
  const auto made = engine::Log::create(dir_, "模拟区");
  disk_.let_background_run();
  disk_.step_by_step(true);
  if (!made) return made.error().text;
  if (const auto key = signing().create("simulation.example/ledger"); !key) return key.error().text;
  return start();
}

std::string Machine::start() {
  auto log = engine::Log::open(dir_, engine::OpenMode::read_write);
  if (!log) return log.error().text;
  log_ = std::move(*log);
  if (head_seq() != log_->size()) disk_.await_head();
  disk_.let_background_run();
  district_ = std::make_unique<schemas::District>(*log_, ring_);
  if (const auto loaded = district_->load(log_->last_recorded_at()); !loaded)
    return loaded.error().text;
  writer_ = std::make_unique<Writer>(*log_, *district_);
  derived_ = std::make_unique<engine::Derived<projections::Facts>>(*log_);
  return {};
}

// Its threads end in any order, and nothing that was promised rests on it.
void Machine::stop() {
  writer_.reset();
  district_.reset();
  derived_.reset();
  disk_.set_aside(true);
  disk_.step_by_step(false);
  log_.reset();
  disk_.step_by_step(true);
  disk_.set_aside(false);
}

void Machine::lose(crash::Loss loss) {
  if (!disk_.is_cut()) {
    disk_.calm();
    disk_.cut_at(1);
    crash::Ino nothing = 0;
    disk_.create(crash::kRoot + "/last-breath", /*exclusive=*/false, nothing);
  }
  stop();
  disk_.insert(disk_.image().after_power_cut(loss, numbers_));
}

void Machine::plan(Trouble trouble, crash::Numbers& numbers) {
  switch (trouble) {
    case Trouble::failing:
    case Trouble::failing_on: {
      crash::Fault fault;
      fault.op = numbers.below(2) == 0 ? crash::Op::write : crash::Op::sync;
      fault.nth = 1 + numbers.below(2);
      fault.forever = trouble == Trouble::failing_on;
      disk_.plan(fault);
      break;
    }
    case Trouble::full:
      disk_.limit(disk_.image().bytes() + 1 + numbers.below(400));
      break;
    case Trouble::power_is_cut:
      disk_.cut_at(1 + numbers.below(4));
  }
}

std::uint64_t Machine::head_seq() {
  disk_.set_aside(true);
  const auto head = engine::read_head(dir_ + "/HEAD");
  disk_.set_aside(false);
  return head ? head->seq : 0;
}

void Machine::follow_head() {
  while (head_seq() != log_->size() && disk_.let_head_write() != 0)
    if (head_seq() != log_->size()) disk_.await_head();
}

engine::Answer Machine::ask(const std::string& line) {
  engine::Answer answer;
  auto command = schemas::parse_line(line);
  if (!command) {
    answer.refused = schemas::code_name(command.error().code);
    answer.text = schemas::sentence(command.error());
    return answer;
  }
  const std::uint64_t before = log_->size();
  answer = writer_->execute(std::move(*command)).value_or(answer);
  if (log_->size() != before) disk_.await_head();
  return answer;
}

}  // namespace simulation
