// SPDX-License-Identifier: GPL-3.0-or-later
#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <istream>
#include <system_error>

#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr int kMostNested = 100;

}  // namespace

std::string why_closed() {
  const int error = errno;
  if (error == ENOENT) return "no such file; check the path";
  return std::string(std::strerror(error)) + "; check " +
         (error == EACCES ? "its permissions" : "the path");
}

std::string read_all(std::istream& in, const std::string& name, std::size_t most_bytes) {
  std::string text;
  std::vector<char> block(1 << 16);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > most_bytes) {
      throw InputError("cannot read " + name + ": it holds more than " +
                       std::to_string(most_bytes >> 20U) + " MiB; is it the right file?");
    }
  }
  if (in.bad()) {
    throw InputError("cannot read " + name + ": " + std::strerror(errno) + "; check the disk");
  }
  return text;
}

std::string read_file(const std::filesystem::path& path) {
  const std::string name = "\"" + path.string() + "\"";
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw InputError("cannot read " + name + ": it is a folder; name a file in it");
  }
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError("cannot read " + name + ": " + why_closed());
  return read_all(in, name);
}

void check_encoding(std::string_view text, const std::string& name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
      text.substr(0, 2).find('\0') != std::string_view::npos) {
    throw InputError("cannot read " + name + ": it is UTF-16; save it as UTF-8");
  }
  if (text.find('\0') != std::string_view::npos) {
    throw InputError("cannot read " + name + ": it is no text file; check the name");
  }
}

void check_nesting(std::string_view json) {
  int depth = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_text = !in_text;
    } else if (!in_text && (c == '[' || c == '{')) {
      if (++depth > kMostNested) {
        throw InputError("its lists and objects stand in each other more than " +
                         std::to_string(kMostNested) + " deep");
      }
    } else if (!in_text && (c == ']' || c == '}')) {
      --depth;
    }
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
    text.remove_prefix(text.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, text.size()));
  }
  return lines;
}

bool says_what_to_do(std::string_view message) {
  return message.find("; ", message.rfind('"') + 1) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string lower_suffix(const std::filesystem::path& path) {
  return lower_case(path.extension().string());
}

std::vector<std::string_view> fields_of(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  if (separator == ' ') {
    for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
      const std::size_t end = std::min(line.find_first_of(kBlanks), line.size());
      fields.push_back(line.substr(0, end));
      line.remove_prefix(end);
    }
    return fields;
  }
  while (true) {
    const std::size_t end = line.find(separator);
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

std::optional<double> to_number(std::string_view field) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> to_number_with_comma(std::string_view field) {
  std::string text(field);
  if (const std::size_t comma = text.find(','); comma != std::string::npos) text[comma] = '.';
  return to_number(text);
}

}  // namespace fyr
