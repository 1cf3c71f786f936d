// `bihuan-verify PACKAGE.zip --key VKEY`: checks an inspection package offline. A binary of its
// own, without the store and without network, so that an inspector can carry it to another machine.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "engine/no_memory.h"
#include "engine/proof/note.h"
#include "tools/inspection/verdict_text.h"
#include "tools/inspection/verifier.h"

namespace {

constexpr int kSound = 0, kWrong = 1, kBadArguments = 2;

int complain(int exit_code, std::string_view chinese, std::string_view english) {
  fmt::print(stderr, "bihuan-verify: {} {}\n", chinese, english);
  return exit_code;
}

bool read_file(const std::string& path, engine::Bytes& bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (file == nullptr) return false;
  constexpr std::size_t kPiece = 1U << 20U;
  for (std::size_t got = kPiece; got == kPiece;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kPiece);
    got = std::fread(bytes.data() + before, 1, kPiece, file.get());
    bytes.resize(before + got);
  }
  return std::ferror(file.get()) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  engine::end_when_memory_ends();
  CLI::App app{"离线核对闭环账本的检查包\nChecks an inspection package of a Bihuan ledger, offline",
               "bihuan-verify"};
  std::string path, key_text, format = "table";
  app.add_option("package", path, "检查包 / the package")->required()->type_name("PACKAGE.zip");
  app.add_option("--key", key_text,
                 "账本的验证公钥，须经别的途径取得 / the ledger's verifier key, got by another way")
      ->required()
      ->type_name("VKEY");
  app.add_option("--format", format, "输出形式 / form of the output")
      ->check(CLI::IsMember({"table", "json"}))
      ->type_name("FORM");
  app.set_version_flag("--version", "bihuan-verify " BIHUAN_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    app.exit(help);
    return kSound;
  } catch (const CLI::ParseError& wrong) {
    return complain(kBadArguments, "命令行参数不对，请看 --help。",
                    fmt::format("The arguments are wrong: {}", wrong.what()));
  }
  const auto key = engine::parse_verifier_key(key_text);
  if (!key) return complain(kBadArguments, "验证公钥不合格式。", key.error().text);
  engine::Bytes bytes;
  if (!read_file(path, bytes))
    return complain(kBadArguments, "检查包读不了。",
                    fmt::format("{} cannot be read: {}.", path, std::strerror(errno)));
  const tools::Verdict verdict = tools::verify_package(bytes, *key);
  if (format == "json")
    fmt::print("{}\n", boost::json::serialize(tools::verdict_json(verdict)));
  else
    fmt::print("{}", tools::verdict_text(verdict));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)
    return complain(kWrong, "输出没有写完。", "The output could not be written completely.");
  return verdict.sound() ? kSound : kWrong;
}
