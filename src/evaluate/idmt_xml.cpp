// SPDX-License-Identifier: GPL-3.0-or-later
#include <tinyxml2.h>

#include "evaluate/annotation_formats.hpp"
#include "fyr/error.hpp"
#include "score_file/xml_failure.hpp"
#include "score_file/xml_rules.hpp"
#include "text.hpp"

namespace fyr {
namespace {

std::string_view text_of(const tinyxml2::XMLElement& event, const char* name) {
  const tinyxml2::XMLElement* child = event.FirstChildElement(name);
  return child && child->GetText() ? trimmed(child->GetText()) : std::string_view();
}

}  // namespace

void read_idmt_xml(const std::filesystem::path& path, Annotation& annotation) {
  const std::string text = read_file(path);
  // tinyxml2 compares each attribute of an element with all before it.
  if (const std::string excess = xml_excess(text); !excess.empty()) {
    throw InputError("cannot read \"" + path.string() + "\": it has " + excess +
                     "; take the annotation from the data set again");
  }
  tinyxml2::XMLDocument document;
  if (document.Parse(text.data(), text.size()) != tinyxml2::XML_SUCCESS) {
    throw InputError("cannot read \"" + path.string() + "\": " + xml_failure(document) +
                     "; take the annotation from the data set again");
  }
  const tinyxml2::XMLElement* root = document.FirstChildElement("instrumentRecording");
  const tinyxml2::XMLElement* list = root ? root->FirstChildElement("transcription") : nullptr;
  if (!list) {
    throw InputError("cannot read \"" + path.string() +
                     "\": no instrumentRecording/transcription, so no IDMT annotation; "
                     "take it from the data set again");
  }
  for (const auto* event = list->FirstChildElement("event"); event;
       event = event->NextSiblingElement("event")) {
    const auto time_s = to_number(text_of(*event, "onsetSec"));
    const std::string_view label = text_of(*event, "instrument");
    const int line = event->GetLineNum();
    if (!time_s || *time_s < 0 || *time_s > kLatest_s || label.empty()) {
      annotation.problems.push_back(annotation.file + ':' + std::to_string(line) +
                                    ": event without onsetSec or instrument");
      continue;
    }
    annotation.hits.push_back({*time_s, std::string(label), 0, line});
  }
}

}  // namespace fyr
