// The committed SQL names its parameters (:seq); PostgreSQL numbers them.
#include "tools/benchmark/peers/ask.h"

#include <cctype>
#include <fstream>
#include <iterator>
#include <vector>

#include "tools/benchmark/peers/peer.h"
#include "tools/benchmark/peers/postgres.h"
#include "tools/benchmark/stopwatch.h"

namespace tools {

namespace json = boost::json;

namespace {

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Query {
  std::string sql;
  std::vector<std::string> names;  // of $1, $2, ...
};

Query numbered(const std::string& sql) {
  Query query;
  const auto letter = [&](std::size_t at) {
    return at < sql.size() &&
           (std::isalpha(static_cast<unsigned char>(sql[at])) != 0 || sql[at] == '_');
  };
  for (std::size_t at = 0; at < sql.size(); ++at) {
    const bool cast = at > 0 && sql[at - 1] == ':';
    if (sql[at] != ':' || cast || !letter(at + 1)) {
      query.sql += sql[at];
      continue;
    }
    std::size_t end = at + 1;
    while (letter(end)) ++end;
    const std::string name = sql.substr(at + 1, end - at - 1);
    auto known = std::ranges::find(query.names, name);
    if (known == query.names.end()) known = query.names.insert(known, name);
    query.sql += '$' + std::to_string(known - query.names.begin() + 1);
    at = end - 1;
  }
  return query;
}

json::array rows_of(const PGresult* result) {
  json::array rows;
  for (int row = 0; row < PQntuples(result); ++row) {
    json::array cells;
    for (int column = 0; column < PQnfields(result); ++column)
      cells.emplace_back(PQgetvalue(result, row, column));
    rows.push_back(std::move(cells));
  }
  return rows;
}

PgResult ask_once(PgConnection& postgres, const Query& query, const json::object& parameters) {
  std::vector<std::string> texts;
  for (const std::string& name : query.names) {
    const json::value& value = parameters.at(name);
    texts.push_back(value.is_string() ? std::string(value.as_string()) : json::serialize(value));
  }
  std::vector<const char*> values;
  for (const std::string& text : texts) values.push_back(text.c_str());
  return postgres.check(PQexecPrepared(postgres.get(), "asked", static_cast<int>(values.size()),
                                       values.data(), nullptr, nullptr, 0));
}

}  // namespace

engine::Result<json::array> rebuild_in_postgres(const AskOptions& options) {
  json::array answers;
  try {
    PgConnection postgres(options.where);
    for (std::size_t run = 0; run < options.moments; ++run) {
      const Stopwatch watch;
      postgres.run(read_all(options.sql));
      const double ms = watch.milliseconds();
      answers.push_back(
          {{"ms", ms}, {"rows", rows_of(postgres.run(read_all(options.check)).get())}});
    }
  } catch (const PeerFailed& failure) {
    return engine::fail(engine::ErrorCode::io, options.sql + ": " + failure.text);
  }
  return answers;
}

engine::Result<json::array> ask_postgres(const AskOptions& options) {
  const json::value questions = json::parse(read_all(options.questions));
  const Query query = numbered(read_all(options.sql));
  json::array answers;
  try {
    PgConnection postgres(options.where);
    // Moments differ much in how many rows they see: each is planned by itself.
    postgres.run("set plan_cache_mode = force_custom_plan");
    postgres.check(PQprepare(postgres.get(), "asked", query.sql.c_str(),
                             static_cast<int>(query.names.size()), nullptr));
    for (const json::value& moment : questions.at("moments").as_array()) {
      if (answers.size() >= options.moments) break;
      const json::object& parameters = moment.at("parameters").at(options.question).as_object();
      if (answers.empty()) ask_once(postgres, query, parameters);  // warm-up
      const Stopwatch watch;
      const PgResult result = ask_once(postgres, query, parameters);
      const double ms = watch.milliseconds();
      answers.push_back({{"ms", ms}, {"rows", rows_of(result.get())}});
    }
  } catch (const PeerFailed& failure) {
    return engine::fail(engine::ErrorCode::io, options.sql + ": " + failure.text);
  }
  return answers;
}

}  // namespace tools
