// SPDX-License-Identifier: GPL-3.0-or-later
#include "shared_library.hpp"

#include <dlfcn.h>

#include <string>

#include "fyr/error.hpp"

namespace fyr {

SharedLibrary::SharedLibrary(const char* name)
    : name_(name), handle_(dlopen(name, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ == nullptr) {
    throw OutputError("cannot load " + std::string(name) + ", which this format needs; install it");
  }
}

void* SharedLibrary::address_of(const char* function) const {
  void* address = dlsym(handle_, function);
  if (address == nullptr) {
    throw OutputError(std::string(name_) + " has no " + function + "; install its newest version");
  }
  return address;
}

}  // namespace fyr
