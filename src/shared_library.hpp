// SPDX-License-Identifier: GPL-3.0-or-later

/// A library of the system that few runs need. It and all that it needs in turn are loaded with its
/// first use, since loading would be most of what a short run takes.
#pragma once

/// A member of a struct with a SharedLibrary `library`: its function `prefix`name.
// The arguments make a name, which no parentheses may hold. NOLINTBEGIN(bugprone-macro-parentheses)
#define FYR_LIBRARY_FUNCTION(prefix, name) \
  decltype(&prefix##name) name = library.find<decltype(prefix##name)>(#prefix #name)
// NOLINTEND(bugprone-macro-parentheses)

namespace fyr {

class SharedLibrary {
 public:
  /// `name` as the system's loader looks for it. Throws OutputError if there is none.
  explicit SharedLibrary(const char* name);

  /// The function of that name. Throws OutputError if the library has none.
  template <typename Function>
  Function* find(const char* function) const {
    return reinterpret_cast<Function*>(address_of(function));
  }

 private:
  void* address_of(const char* function) const;

  const char* name_;
  void* handle_;  ///< Stays open as long as the program runs.
};

}  // namespace fyr
