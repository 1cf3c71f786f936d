// Defects seeded on purpose, which the tests must catch (reliability.md section 6). Only what
// tests/crash/mutant_test.cpp and tests/server/role_mutant_test.cpp link has them (BIHUAN_MUTANTS);
// in every other build seeded() is a constant and nothing is left of them.
#pragma once

#include <cstdint>

namespace engine {

enum class Mutant : std::uint8_t {
  none,
  unsynced_write,           // the batch is in RocksDB's log, which is not synced
  early_acknowledgement,    // synced, but only before the next group
  unsynced_directory,       // a new name is not made durable
  ignored_iterator_status,  // an iterator that failed is taken for one that has ended
  open_without_head,        // the log is not held against HEAD
  id_outside_batch,         // an id is lost with the process, though its record is not
  skipped_chain_check,      // the roots in the log are not held against its records
  projection_ahead,         // a projection is stored for more records than it has seen
  dropped_role_check,       // the server lets everybody into one of its routes
};

#ifdef BIHUAN_MUTANTS
inline Mutant the_mutant = Mutant::none;  // set by a test, on one thread
[[nodiscard]] inline bool seeded(Mutant mutant) { return the_mutant == mutant; }
#else
[[nodiscard]] constexpr bool seeded(Mutant) { return false; }
#endif

}  // namespace engine
