// SPDX-License-Identifier: GPL-3.0-or-later

/// Errors: what the library throws at its edges (files, settings, options).
///
/// Every message is one line that names what was being done, where, what was found and what to do
/// about it. Nothing inside the pipeline's kernels throws; the command line catches once and turns
/// the kind into the documented exit code.
#pragma once

#include <stdexcept>
#include <string>

namespace fyr {

/// Base of everything fyr throws on purpose.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The caller asked for something that makes no sense (exit code 2).
class UsageError : public Error {
 public:
  using Error::Error;
};

/// An input (recording, model, settings) is missing, malformed or unsupported (exit code 3).
class InputError : public Error {
 public:
  using Error::Error;
};

/// A result cannot be written, or would overwrite something (exit code 4).
class OutputError : public Error {
 public:
  using Error::Error;
};

}  // namespace fyr
