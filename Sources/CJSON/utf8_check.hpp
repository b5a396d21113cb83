// Whether a stream of bytes is UTF-8, sixteen bytes at a time.
#ifndef UTF8_CHECK_HPP
#define UTF8_CHECK_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>

/// Checks a stream that comes in pieces, cut anywhere.
///
/// Each byte is judged by itself and the three before it, for sixteen bytes in one go, without a
/// branch: Boost.JSON's own check goes byte by byte from the first character beyond ASCII on.
/// Compilers make SSE2 or NEON of the vector types.
class Utf8Check {
 public:
  void reset() { std::memset(before_, 0, sizeof before_); }

  /// How many of the bytes are good: all, or those before the first that cannot be where it is. A
  /// character that the piece's end cuts is good so far.
  std::size_t feed(const char *bytes, std::size_t length) {
    std::size_t good = 0;
    // The first bytes are judged by those of the piece before: both are laid side by side.
    const std::size_t head = length < width ? length : width;
    char window[memory + width] = {};
    std::memcpy(window, before_, memory);
    std::memcpy(window + memory, bytes, head);
    good = first_bad(window + memory, head);
    if (good < head) return good;
    while (length - good >= width) {
      if (is_ascii(bytes + good) && is_ascii(bytes + good - memory)) {
        good += width;
        continue;
      }
      const std::size_t bad = first_bad(bytes + good, width);
      good += bad;
      if (bad < width) return good;
    }
    if (good < length) {
      // The last bytes, once more with those before them, so that nothing beyond is read.
      const std::size_t rest = length - good;
      std::memset(window, 0, sizeof window);
      std::memcpy(window, bytes + good - memory, memory + rest);
      const std::size_t bad = first_bad(window + memory, rest);
      good += bad;
      if (bad < rest) return good;
    }
    remember(bytes, length);
    return length;
  }

 private:
  static constexpr std::size_t width = 16;
  static constexpr std::size_t memory = 3;

  typedef std::uint8_t Bytes __attribute__((vector_size(width)));
  typedef std::uint64_t Words __attribute__((vector_size(width)));

  static Bytes load(const char *at) {
    Bytes bytes;
    std::memcpy(&bytes, at, width);
    return bytes;
  }

  static bool is_ascii(const char *at) {
    std::uint64_t words[2];
    std::memcpy(words, at, width);
    return ((words[0] | words[1]) & 0x8080808080808080u) == 0;
  }

  /// The first byte among `count` that is not good, or `count`. Three bytes before are readable.
  static std::size_t first_bad(const char *at, std::size_t count) {
    const Bytes bad = judge(load(at), load(at - 1), load(at - 2), load(at - 3));
    const Words words = reinterpret_cast<Words>(bad);
    if ((words[0] | words[1]) == 0) return count;
    std::size_t place = 0;
    while (place < count && bad[place] == 0) place++;
    return place;
  }

  /// All bits set where a byte is wrong, knowing the one, two and three before it (RFC 3629).
  static Bytes judge(Bytes now, Bytes before, Bytes before2, Bytes before3) {
    const auto continues = (now & 0xc0) == 0x80;
    const auto expected = (before >= 0xc0) | (before2 >= 0xe0) | (before3 >= 0xf0);
    const auto never = (now == 0xc0) | (now == 0xc1) | (now >= 0xf5);
    // Forms that are too long, surrogates, and what is beyond the last character.
    const auto second = ((before == 0xe0) & (now < 0xa0)) | ((before == 0xed) & (now >= 0xa0)) |
                        ((before == 0xf0) & (now < 0x90)) | ((before == 0xf4) & (now >= 0x90));
    return reinterpret_cast<Bytes>((continues ^ expected) | never | second);
  }

  /// Keeps the last three bytes of all that has come.
  void remember(const char *bytes, std::size_t length) {
    char joined[2 * memory];
    const std::size_t fresh = length < memory ? length : memory;
    std::memcpy(joined, before_, memory);
    std::memcpy(joined + memory, bytes + length - fresh, fresh);
    std::memcpy(before_, joined + fresh, memory);
  }

  char before_[memory] = {};
};

#endif  // UTF8_CHECK_HPP
