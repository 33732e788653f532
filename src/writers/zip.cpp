// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/zip.hpp"

#include <memory>
#include <new>
#include <stdexcept>

#include "fyr/error.hpp"
#include "writers/libzip.hpp"

namespace fyr {
namespace {

constexpr zip_uint16_t kMidnight = 0;
constexpr zip_uint16_t kFirstOfJanuary1980 = 1 << 5 | 1;  // MS-DOS: years since 1980, month, day.

/// The cause alone; zip() says what was to be packed.
class PackError : public std::runtime_error {
  using runtime_error::runtime_error;
};

[[noreturn]] void fail(const char* why) { throw PackError(why); }

/// Deflate packs no more bytes into one: what claims more is no size to make room for.
constexpr zip_uint64_t kMostInAByte = 1032;

struct Free {
  void operator()(zip_source_t* source) const { libzip().source_free(source); }
  void operator()(zip_t* archive) const { libzip().discard(archive); }
  void operator()(zip_file_t* file) const { libzip().fclose(file); }
};

void add(zip_t* archive, const ZipEntry& entry) {
  zip_source_t* content =
      libzip().source_buffer(archive, entry.bytes.data(), entry.bytes.size(), /*freep=*/0);
  if (content == nullptr) fail(libzip().strerror(archive));
  const zip_int64_t index =
      libzip().file_add(archive, entry.name.c_str(), content, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    libzip().source_free(content);
    fail(libzip().strerror(archive));
  }
  libzip().file_set_dostime(archive, static_cast<zip_uint64_t>(index), kMidnight,
                            kFirstOfJanuary1980, 0);
}

std::string read_all(zip_source_t* source) {
  zip_stat_t stat{};
  if (libzip().source_stat(source, &stat) != 0 || libzip().source_open(source) != 0) {
    fail(libzip().error_strerror(libzip().source_error(source)));
  }
  std::string bytes(stat.size, '\0');
  const zip_int64_t n_read = libzip().source_read(source, bytes.data(), bytes.size());
  libzip().source_close(source);
  if (n_read != static_cast<zip_int64_t>(bytes.size())) fail("the archive is incomplete");
  return bytes;
}

std::string read_entry(zip_t* archive, zip_uint64_t index, const zip_stat_t& stat) {
  if (stat.size / kMostInAByte > stat.comp_size) {
    throw InputError(std::string("its part \"") + stat.name + "\" is damaged");
  }
  std::string bytes(stat.size, '\0');
  const std::unique_ptr<zip_file_t, Free> file(libzip().fopen_index(archive, index, 0));
  const zip_int64_t n_read =
      file ? libzip().fread(file.get(), bytes.data(), bytes.size()) : zip_int64_t{-1};
  // Reading past the end makes libzip compare the checksum.
  char beyond = 0;
  if (n_read != static_cast<zip_int64_t>(stat.size) ||
      libzip().fread(file.get(), &beyond, 1) != 0) {
    throw InputError(std::string("its part \"") + stat.name + "\" is damaged");
  }
  return bytes;
}

/// "256 MiB", "64 KiB".
std::string size_text(std::size_t n_bytes) {
  const std::size_t n_kib = n_bytes >> 10U;
  return n_kib < 1024 ? std::to_string(n_kib) + " KiB" : std::to_string(n_kib >> 10U) + " MiB";
}

std::string pack(const std::vector<ZipEntry>& entries) {
  zip_error_t error;
  libzip().error_init(&error);
  const std::unique_ptr<zip_source_t, Free> memory(
      libzip().source_buffer_create(nullptr, 0, 0, &error));
  if (memory == nullptr) fail(libzip().error_strerror(&error));
  std::unique_ptr<zip_t, Free> archive(
      libzip().open_from_source(memory.get(), ZIP_CREATE | ZIP_TRUNCATE, &error));
  if (archive == nullptr) fail(libzip().error_strerror(&error));
  libzip().source_keep(memory.get());  // The archive owns one reference, we read through another.
  for (const ZipEntry& entry : entries) add(archive.get(), entry);
  if (libzip().close(archive.get()) != 0) fail(libzip().strerror(archive.get()));
  static_cast<void>(archive.release());  // It is closed.
  return read_all(memory.get());
}

}  // namespace

std::string zip(const std::vector<ZipEntry>& entries, const std::string& what) {
  try {
    return pack(entries);
  } catch (const PackError& error) {
    throw OutputError("cannot compress " + what + ": " + error.what() +
                      "; close other programs and try again");
  }
}

std::map<std::string, std::string> unzip(const std::string& archive,
                                         const std::set<std::string>& names,
                                         std::size_t most_bytes) {
  if (archive.empty()) throw InputError("it is empty");  // libzip finds nothing wrong with that.
  try {
    libzip();
  } catch (const OutputError& error) {  // Here it is the input that cannot be had without it.
    throw InputError(error.what());
  }
  zip_source_t* memory = libzip().source_buffer_create(archive.data(), archive.size(), 0, nullptr);
  if (memory == nullptr) throw std::bad_alloc();
  const std::unique_ptr<zip_t, Free> opened(
      libzip().open_from_source(memory, ZIP_RDONLY | ZIP_CHECKCONS, nullptr));
  if (opened == nullptr) {
    libzip().source_free(memory);
    throw InputError("it is not a zip archive, or its end is missing");
  }
  std::map<std::string, std::string> entries;
  const auto n_entries = static_cast<zip_uint64_t>(libzip().get_num_entries(opened.get(), 0));
  zip_uint64_t bytes_left = most_bytes;
  for (zip_uint64_t index = 0; index < n_entries; ++index) {
    zip_stat_t stat{};
    if (libzip().stat_index(opened.get(), index, 0, &stat) != 0) {
      throw InputError("it is a damaged zip archive");
    }
    if (!names.contains(stat.name)) continue;
    if (stat.size > bytes_left) {
      throw InputError("it unpacks to more than " + size_text(most_bytes));
    }
    bytes_left -= stat.size;
    entries[stat.name] = read_entry(opened.get(), index, stat);
  }
  return entries;
}

}  // namespace fyr
