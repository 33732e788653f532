// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <initializer_list>

#include "app/command_line.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

/// Lets the buffers of one recording serve the next. Otherwise every one comes from the system and
/// goes back to it: with many short recordings a third of the time went into clearing pages, in
/// which threads wait for each other. The largest takes 9.3 MiB with the shipped model; what is
/// larger than that grows with the length and goes back, lest holes be left where it grew.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kMiB = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 12 * kMiB);
  mallopt(M_TRIM_THRESHOLD, 64 * kMiB);
#endif
}

/// A file would otherwise get the number of a standard stream that whoever started fyr has closed,
/// and messages would go into it. Opened the wrong way, so that using them fails as before.
void keep_standard_streams_apart() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest number that is free is the stream's.
    [[maybe_unused]] const int opened =
        open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams_apart();
  keep_freed_memory();
  return fyr::app::run(argc, argv);
}
