// SPDX-License-Identifier: GPL-3.0-or-later

/// Folders that are made for outputs, and go again with a call that failed.
#pragma once

#include <filesystem>
#include <vector>

#include "app/interrupt.hpp"

namespace fyr::app {

/// Creates `folder` and those above it where they are missing. Throws OutputError.
void create_output_folder(const std::filesystem::path& folder);

/// At its end, or that of the program by a signal, those of a path's folders that were missing at
/// its beginning and are still empty go away again: a call that failed leaves nothing behind. One
/// at a time.
class NewFolders {
 public:
  explicit NewFolders(const std::filesystem::path& path);
  ~NewFolders();
  NewFolders(const NewFolders&) = delete;
  NewFolders& operator=(const NewFolders&) = delete;

 private:
  const std::vector<std::filesystem::path> missing_;  ///< The innermost first.
  const EmptyFolders on_interrupt_;
};

}  // namespace fyr::app
