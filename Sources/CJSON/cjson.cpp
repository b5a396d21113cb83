// Boost.JSON is compiled in here (its header-only form), so that nothing is linked.
#include "cjson.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <cstring>
#include <new>

#include "plain_text.hpp"
#include "utf8_check.hpp"

namespace json = boost::json;

namespace {

/// Gathers the parser's events, so that their receiver is called once for hundreds of them.
class Tape {
 public:
  Tape(cjson_receiver receiver, void *context) : receiver_(receiver), context_(context) {}

  /// The piece of input that is being parsed: texts within it are pointed at, not copied.
  void begin(const char *bytes, std::size_t length) {
    input_ = bytes;
    input_length_ = length;
  }

  bool add(cjson_kind kind, std::int64_t integer = 0) {
    cjson_event &event = events_[count_++];
    event.kind = kind;
    event.length = 0;
    event.integer = integer;
    return count_ < capacity || flush();
  }

  bool add_real(double value) {
    events_[count_].real = value;
    events_[count_].length = 0;
    events_[count_++].kind = CJSON_REAL;
    return count_ < capacity || flush();
  }

  BOOST_FORCEINLINE bool add(cjson_kind kind, json::string_view text) {
    const char *bytes = text.data();
    if (!is_input(bytes)) {
      // Text with escapes stands in a buffer of the parser, which it will use again.
      if (text.size() > sizeof copies_ - copied_ && !flush()) return false;
      bytes = static_cast<const char *>(std::memcpy(copies_ + copied_, bytes, text.size()));
      copied_ += text.size();
    }
    cjson_event &event = events_[count_++];
    event.kind = kind;
    event.length = static_cast<std::uint32_t>(text.size());
    event.bytes = bytes;
    return count_ < capacity || flush();
  }

  BOOST_NOINLINE bool flush() {
    if (count_ > 0 && !stopped_) stopped_ = !receiver_(context_, events_, count_);
    count_ = 0;
    copied_ = 0;
    return !stopped_;
  }

  bool stopped() const { return stopped_; }

  void reset() {
    count_ = 0;
    copied_ = 0;
    stopped_ = false;
  }

 private:
  static constexpr std::size_t capacity = 512;
  // Of one text, the parser gives no more than its own buffer holds.
  static constexpr std::size_t copies = 2 * BOOST_JSON_STACK_BUFFER_SIZE;

  bool is_input(const char *bytes) const {
    return reinterpret_cast<std::uintptr_t>(bytes) - reinterpret_cast<std::uintptr_t>(input_) <
           input_length_;
  }

  cjson_receiver receiver_;
  void *context_;
  const char *input_ = nullptr;
  std::size_t input_length_ = 0;
  std::size_t count_ = 0;
  std::size_t copied_ = 0;
  bool stopped_ = false;
  cjson_event events_[capacity];
  char copies_[copies];
};

struct Handler {
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  Tape tape;

  static bool go(bool wanted, json::error_code &ec) {
    if (!wanted) ec = json::error::exception;  // any code: the caller is told "stopped"
    return wanted;
  }

  bool on_document_begin(json::error_code &) { return true; }
  bool on_document_end(json::error_code &) { return true; }
  bool on_object_begin(json::error_code &ec) { return go(tape.add(CJSON_OBJECT_BEGIN), ec); }
  bool on_object_end(std::size_t, json::error_code &ec) {
    return go(tape.add(CJSON_OBJECT_END), ec);
  }
  bool on_array_begin(json::error_code &ec) { return go(tape.add(CJSON_ARRAY_BEGIN), ec); }
  bool on_array_end(std::size_t, json::error_code &ec) { return go(tape.add(CJSON_ARRAY_END), ec); }
  bool on_key_part(json::string_view s, std::size_t, json::error_code &ec) {
    return go(tape.add(CJSON_KEY_PART, s), ec);
  }
  BOOST_FORCEINLINE bool on_key(json::string_view s, std::size_t, json::error_code &ec) {
    return go(tape.add(CJSON_KEY, s), ec);
  }
  bool on_string_part(json::string_view s, std::size_t, json::error_code &ec) {
    return go(tape.add(CJSON_TEXT_PART, s), ec);
  }
  BOOST_FORCEINLINE bool on_string(json::string_view s, std::size_t, json::error_code &ec) {
    return go(tape.add(CJSON_TEXT, s), ec);
  }
  bool on_number_part(json::string_view, json::error_code &) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code &ec) {
    return go(tape.add(CJSON_INTEGER, value), ec);
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code &ec) {
    return go(tape.add_real(static_cast<double>(value)), ec);
  }
  bool on_double(double value, json::string_view, json::error_code &ec) {
    return go(tape.add_real(value), ec);
  }
  bool on_bool(bool value, json::error_code &ec) { return go(tape.add(CJSON_BOOLEAN, value), ec); }
  bool on_null(json::error_code &ec) { return go(tape.add(CJSON_NULL), ec); }
  bool on_comment_part(json::string_view, json::error_code &) { return true; }
  bool on_comment(json::string_view, json::error_code &) { return true; }
};

json::parse_options options(std::size_t max_depth) {
  json::parse_options result;
  result.max_depth = max_depth;
  // Utf8Check sees all bytes before the parser does.
  result.allow_invalid_utf8 = true;
  return result;
}

const char *describe(json::error_code ec) {
  if (ec == json::error::too_deep) return "nested too deeply";
  if (ec == json::error::incomplete) return "it ends in the middle";
  if (ec == json::error::extra_data) return "something follows its end";
  if (ec == json::error::illegal_leading_surrogate ||
      ec == json::error::illegal_trailing_surrogate || ec == json::error::expected_utf16_escape)
    return "an escape that is half a character";
  return "a syntax error";
}

}  // namespace

struct cjson_parser {
  json::basic_parser<Handler> parser;
  Utf8Check utf8;
  const char *problem = "";

  cjson_parser(cjson_receiver receiver, void *context, std::size_t max_depth)
      : parser(options(max_depth), Handler{Tape(receiver, context)}) {}

  Tape &tape() { return parser.handler().tape; }

  // Parses until the input ends, or the document where it is the only one.
  json::error_code parse(const char *bytes, std::size_t length, cjson_extent extent,
                         std::size_t *consumed) {
    json::error_code ec;
    do {
      *consumed += parser.write_some(extent != CJSON_DOCUMENT_END, bytes + *consumed,
                                     length - *consumed, ec);
      if (extent == CJSON_STREAM && !ec.failed() && parser.done()) parser.reset();
    } while (*consumed < length && !ec.failed() && !parser.done());
    return ec;
  }

  cjson_status fail(const char *why) {
    problem = why;
    return CJSON_INVALID;
  }

  cjson_status write(const char *bytes, std::size_t length, cjson_extent extent,
                     std::size_t *consumed) {
    // What stands before the first bad byte is read all the same.
    const std::size_t good = utf8.feed(bytes, length);
    tape().begin(bytes, good);
    const json::error_code ec = parse(bytes, good, extent, consumed);
    if (!tape().flush()) return CJSON_STOPPED;
    if (ec.failed()) return fail(describe(ec));
    if (good < length) return fail("text that is not UTF-8");
    return parser.done() ? CJSON_DONE : CJSON_MORE;
  }
};

cjson_parser *cjson_new(cjson_receiver receiver, void *context, size_t max_depth) {
  return new (std::nothrow) cjson_parser(receiver, context, max_depth);
}

void cjson_free(cjson_parser *parser) { delete parser; }

void cjson_reset(cjson_parser *self) {
  self->parser.reset();
  self->tape().reset();
  self->utf8.reset();
}

cjson_status cjson_write(cjson_parser *self, const char *bytes, size_t length, cjson_extent extent,
                         size_t *consumed) {
  // An event's length has 32 bits.
  constexpr std::size_t longest = std::size_t(1) << 30;
  if (length > longest) {
    length = longest;
    if (extent == CJSON_DOCUMENT_END) extent = CJSON_DOCUMENT;
  }
  *consumed = 0;
  // The parser's own stack of suspended states grows on the heap, and no exception may leave here.
  try {
    return self->write(bytes, length, extent, consumed);
  } catch (...) {
    return self->fail("no memory");
  }
}

const char *cjson_problem(const cjson_parser *parser) { return parser->problem; }

size_t cjson_plain(const char *bytes, size_t length, bool *is_ascii) {
  return PlainText::measure<false>(bytes, length, nullptr, is_ascii);
}

size_t cjson_copy_plain(const char *bytes, size_t length, char *copy, bool *is_ascii) {
  return PlainText::measure<true>(bytes, length, copy, is_ascii);
}

bool cjson_is_utf8(const char *bytes, size_t length) {
  Utf8Check check;
  // A character that the end cuts is only bad with what follows it.
  return check.feed(bytes, length) == length && check.feed("", 1) == 1;
}
