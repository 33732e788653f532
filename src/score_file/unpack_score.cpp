// SPDX-License-Identifier: GPL-3.0-or-later
#include <tinyxml2.h>

#include <map>
#include <string>
#include <string_view>

#include "fyr/error.hpp"
#include "fyr/score_file.hpp"
#include "score_file/mscx_elements.hpp"
#include "score_file/xml_rules.hpp"
#include "writers/zip.hpp"

namespace fyr {
namespace {

constexpr const char* kContainer = "META-INF/container.xml";
// A few KB of zip can hold these, and what is unpacked is parsed.
constexpr std::size_t kMostContainerBytes = std::size_t{1} << 16U;
constexpr std::size_t kMostScoreBytes = std::size_t{1} << 27U;

/// Pictures and styles are named as well; empty if no score is.
std::string named_score(const std::string& container) {
  if (!xml_excess(container).empty()) return {};
  tinyxml2::XMLDocument document;
  document.Parse(container.data(), container.size());
  const tinyxml2::XMLElement* file = tinyxml2::XMLHandle(document)
                                         .FirstChildElement("container")
                                         .FirstChildElement("rootfiles")
                                         .FirstChildElement("rootfile")
                                         .ToElement();
  for (; file != nullptr; file = file->NextSiblingElement("rootfile")) {
    const char* path = file->Attribute("full-path");
    if (path != nullptr && std::string_view(path).ends_with(".mscx")) return path;
  }
  return {};
}

}  // namespace

std::string unpack_score(const std::string& mscz) {
  const std::map<std::string, std::string> containers =
      unzip(mscz, {kContainer}, kMostContainerBytes);
  const auto container = containers.find(kContainer);
  if (container == containers.end()) {
    throw InputError("it lacks " + std::string(kContainer) + ", so MuseScore does not open it");
  }
  const std::string name = named_score(container->second);
  if (name.empty()) {
    throw InputError("its " + std::string(kContainer) + " names no score (.mscx)");
  }
  std::map<std::string, std::string> scores = unzip(mscz, {name}, kMostScoreBytes);
  const auto score = scores.find(name);
  if (score == scores.end())
    throw InputError("the score \"" + clipped(name) + "\" is missing in it");
  return std::move(score->second);
}

}  // namespace fyr
