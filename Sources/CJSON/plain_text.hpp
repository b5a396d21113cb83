// Where a text of JSON ends, or is no longer plain, sixteen bytes at a time.
#ifndef PLAIN_TEXT_HPP
#define PLAIN_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

/// Bytes before the first quote, backslash or control character.
///
/// Compilers make SSE2 or NEON of the vector types; Swift's own make calls of them.
class PlainText {
 public:
  /// How many they are, of `length` at most. `copy`, unless null, receives them, and up to fifteen
  /// bytes more.
  template <bool copies>
  static std::size_t measure(const char *bytes, std::size_t length, char *copy, bool *is_ascii) {
    Bytes seen = {};
    std::size_t at = 0;
    while (length - at >= width) {
      Bytes block;
      std::memcpy(&block, bytes + at, width);
      if (copies) std::memcpy(copy + at, &block, width);
      seen |= block;
      const std::size_t place =
          first(reinterpret_cast<Bytes>((block == '"') | (block == '\\') | (block < 0x20)));
      at += place;
      if (place < width) {
        *is_ascii = no_high_bit(seen);
        return at;
      }
    }
    return measure_rest<copies>(bytes, at, length, copy, is_ascii, no_high_bit(seen));
  }

 private:
  static constexpr std::size_t width = 16;

  typedef std::uint8_t Bytes __attribute__((vector_size(width)));

  /// The first byte of which all bits are set; `width`: none.
  static std::size_t first(Bytes found) {
    std::uint64_t words[2];
    std::memcpy(words, &found, width);
    if ((words[0] | words[1]) == 0) return width;
    // Bytes in the order of memory; both kinds of machine that this runs on have the low one first.
    return words[0] != 0 ? __builtin_ctzll(words[0]) / 8 : 8 + __builtin_ctzll(words[1]) / 8;
  }

  static bool no_high_bit(Bytes bytes) {
    std::uint64_t words[2];
    std::memcpy(words, &bytes, width);
    return ((words[0] | words[1]) & 0x8080808080808080u) == 0;
  }

  /// The last bytes of a piece, one by one: nothing beyond may be read.
  template <bool copies>
  static std::size_t measure_rest(const char *bytes, std::size_t at, std::size_t length, char *copy,
                                  bool *is_ascii, bool was_ascii) {
    std::uint8_t seen = 0;
    for (; at < length; at++) {
      const auto byte = static_cast<std::uint8_t>(bytes[at]);
      if (byte == '"' || byte == '\\' || byte < 0x20) break;
      if (copies) copy[at] = bytes[at];
      seen |= byte;
    }
    *is_ascii = was_ascii && seen < 0x80;
    return at;
  }
};

#endif  // PLAIN_TEXT_HPP
