// Keys and notes that several tests of evidence use.
#pragma once

#include <string>

#include "engine/proof/note.h"

namespace notes {

// The vector of C2SP's signed-note page.
inline const std::string kExampleKey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
inline const std::string kExampleNote =
    "This is an example message.\n\n\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

// The example key of RFC 8410 section 10.3, and its public half as section 10.1 prints it.
inline const std::string kPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
    "-----END PRIVATE KEY-----\n";
inline const std::string kPublicHex =
    "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
// Another one, of the seed 00 01 .. 1f.
inline const std::string kOtherPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n"
    "-----END PRIVATE KEY-----\n";

// And one of the seed 20 21 .. 3f.
inline const std::string kThirdPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/\n"
    "-----END PRIVATE KEY-----\n";

inline engine::Signer signer(std::string_view name, std::uint8_t type = engine::kEd25519,
                             std::string_view pem = kPem) {
  auto made = engine::Signer::from_pem(name, pem, type);
  if (!made) throw made.error();
  return *made;
}

}  // namespace notes
