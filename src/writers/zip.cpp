// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/zip.hpp"

#include <zip.h>

#include <memory>

#include "fyr/error.hpp"

namespace fyr {
namespace {

constexpr zip_uint16_t kMidnight = 0;
constexpr zip_uint16_t kFirstOfJanuary1980 = 1 << 5 | 1;  // MS-DOS: years since 1980, month, day.

[[noreturn]] void fail(const char* why) {
  throw OutputError(std::string("cannot compress the score: ") + why +
                    "; choose another format, such as mscx");
}

struct Free {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
  void operator()(zip_t* archive) const { zip_discard(archive); }
};

void add(zip_t* archive, const ZipEntry& entry) {
  zip_source_t* content =
      zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), /*freep=*/0);
  if (content == nullptr) fail(zip_strerror(archive));
  const zip_int64_t index = zip_file_add(archive, entry.name.c_str(), content, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(content);
    fail(zip_strerror(archive));
  }
  zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), kMidnight, kFirstOfJanuary1980,
                       0);
}

std::string read_all(zip_source_t* source) {
  zip_stat_t stat{};
  if (zip_source_stat(source, &stat) != 0 || zip_source_open(source) != 0) {
    fail(zip_error_strerror(zip_source_error(source)));
  }
  std::string bytes(stat.size, '\0');
  const zip_int64_t n_read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (n_read != static_cast<zip_int64_t>(bytes.size())) fail("the archive is incomplete");
  return bytes;
}

}  // namespace

std::string zip(const std::vector<ZipEntry>& entries) {
  zip_error_t error;
  zip_error_init(&error);
  const std::unique_ptr<zip_source_t, Free> memory(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (memory == nullptr) fail(zip_error_strerror(&error));
  std::unique_ptr<zip_t, Free> archive(
      zip_open_from_source(memory.get(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (archive == nullptr) fail(zip_error_strerror(&error));
  zip_source_keep(memory.get());  // The archive owns one reference, we read through another.
  for (const ZipEntry& entry : entries) add(archive.get(), entry);
  if (zip_close(archive.get()) != 0) fail(zip_strerror(archive.get()));
  archive.release();
  return read_all(memory.get());
}

}  // namespace fyr
