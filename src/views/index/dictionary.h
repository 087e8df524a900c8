// Sorted strings by number, front-coded: 16 strings a block, the first whole, the
// others as (shared bytes, rest). Read in place.
//
//   u32 strings, u32 blocks, u32 offset of each block in the data, data
//   in a block: varint shared (absent for the first), varint size of the rest, rest
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace handsel::index {

inline constexpr std::uint32_t kDictionaryBlock = 16;

// Strings ascending in byte order, without repetition.
class DictionaryBuilder {
 public:
  void add(std::string_view string);
  std::uint32_t size() const { return count_; }
  std::string finish() const;

 private:
  std::uint32_t count_ = 0;
  std::string offsets_;
  std::string data_;
  std::string last_;
};

// Borrows the bytes. Any thread. Damaged bytes give wrong or empty strings.
class Dictionary {
 public:
  Dictionary() = default;
  explicit Dictionary(std::string_view bytes);

  std::uint32_t size() const { return count_; }
  std::optional<std::uint32_t> find(std::string_view string) const;  // O(log blocks)
  // The number of the first string that is not below; size() where there is none.
  std::uint32_t lower_bound(std::string_view string) const;
  std::string at(std::uint32_t number) const;

  // In order; step through all of them.
  class Iterator {
   public:
    explicit Iterator(const Dictionary& dictionary, std::uint32_t number = 0);
    bool valid() const { return number_ < dictionary_->count_; }
    std::uint32_t number() const { return number_; }
    const std::string& value() const { return value_; }
    void next();

   private:
    void read();
    const Dictionary* dictionary_;
    std::uint32_t number_;
    std::string_view rest_;
    std::string value_;
  };

 private:
  std::string_view block(std::uint32_t number) const;
  std::string_view first_of_block(std::uint32_t number) const;

  std::uint32_t count_ = 0;
  std::uint32_t blocks_ = 0;
  std::string_view offsets_;
  std::string_view data_;
};

}  // namespace handsel::index
