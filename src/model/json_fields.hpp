// SPDX-License-Identifier: GPL-3.0-or-later

/// Typed, range-checked access to the fields of a JSON object.
///
/// Every function throws InputError with a cause that names the field; the reader of the file adds
/// which file it was and what to do about it.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fyr {

using Json = nlohmann::json;

/// Parses a whole document; `what` names it in the error.
Json parse_json(std::string_view text, const std::string& what);

/// `text` as JSON writes it, in quotes and on one line, for messages.
std::string quoted(const std::string& text);

/// The field itself; `object` must be an object that has it.
const Json& field(const Json& object, const char* key);

const Json& object_field(const Json& object, const char* key);
const Json& array_field(const Json& object, const char* key);
const std::string& string_field(const Json& object, const char* key);
bool bool_field(const Json& object, const char* key);
/// A whole number in [least, most]; 1.0 is one, as JSON has but one kind of number.
int int_field(const Json& object, const char* key, int least, int most);
/// A number in [least, most].
double number_field(const Json& object, const char* key, double least, double most);
/// A list of `n` numbers in [least, most].
std::vector<double> numbers_field(const Json& object, const char* key, std::size_t n, double least,
                                  double most);

}  // namespace fyr
