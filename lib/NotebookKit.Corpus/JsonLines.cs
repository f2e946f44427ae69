using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace NotebookKit.Corpus;

/// <summary>
/// Takes the text out of JSON lines: one document an object, its line feeds made spaces. What JSON does not allow but its writers produce
/// (half a surrogate pair, NaN, a key twice, of which the last counts) leaves one invalid byte in the text, where the scanner finds it and
/// counts it as it counts bad UTF-8; strict reading refuses it here, where the line is known.
/// </summary>
internal sealed class JsonLines(string field, bool strict)
{
    private const byte Invalid = 0xFF;

    private static readonly string[] NoNumbers = ["-Infinity", "Infinity", "NaN"];

    private byte[] _text = [];

    /// <summary>Replaces the lines of a piece by their texts.</summary>
    /// <exception cref="InvalidDataException">A line is no JSON object, or lacks the field, or the field is no string.</exception>
    public void Extract(Piece piece)
    {
        // A JSON string is never shorter than its text, so the texts and their line feeds fit where the lines were.
        if (_text.Length < piece.Bytes.Length) _text = new byte[piece.Bytes.Length];
        int length = 0;
        Span<byte> lines = piece.Bytes.AsSpan(0, piece.Length);
        for (int start = 0; start < lines.Length;)
        {
            int end = lines[start..].IndexOf((byte)'\n');
            end = end < 0 ? lines.Length : start + end;
            try
            {
                ReadLine(lines[start..end], ref length);
            }
            catch (Exception e) when (e is JsonException or FormatException)
            {
                throw new InvalidDataException($"'{piece.Source}', the line at byte {piece.Offset + start}: {e.Message}", e);
            }
            start = end + 1;
        }
        (piece.Bytes, _text) = (_text, piece.Bytes);
        piece.Length = length;
        piece.IsJsonLines = false;
    }

    /// <summary>Reads the objects of a line: usually one; two where a file without a last line feed was joined with the next.</summary>
    private void ReadLine(Span<byte> line, ref int length)
    {
        ReadOnlySpan<byte> mark = "\uFEFF"u8;
        while (!(line = line.TrimStart(" \t\r"u8)).IsEmpty)
        {
            int noNumbers = 0;
            if (line.StartsWith(mark)) line = line[mark.Length..];
            else
            {
                try
                {
                    line = line[ReadObject(line, noNumbers, ref length)..];
                }
                catch (JsonException) when ((noNumbers = ReplaceNoNumbers(line)) > 0)
                {
                    line = line[ReadObject(line, noNumbers, ref length)..];
                }
            }
        }
    }

    /// <summary>Reads one object, and says how many bytes it took.</summary>
    private int ReadObject(ReadOnlySpan<byte> line, int noNumbers, ref int length)
    {
        Utf8JsonReader reader = new(line, new JsonReaderOptions { AllowMultipleValues = true });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw new FormatException("not a JSON object. Each line must hold one.");
        int found = 0;
        JsonTokenType kind = JsonTokenType.None;
        ReadOnlySpan<byte> value = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isField = IsField(ref reader);
            reader.Read();
            if (isField)
            {
                found++;
                kind = reader.TokenType;
                if (kind == JsonTokenType.String) value = reader.ValueSpan;
            }
            reader.Skip();
        }
        if (found == 0) throw new FormatException($"no field '{field}'. Another field may hold the text.");
        if (kind is not (JsonTokenType.String or JsonTokenType.Null)) throw new FormatException($"the field '{field}' is no text but {kind}. Another field may hold the text.");
        if (strict && noNumbers > 0) throw new FormatException("NaN or Infinity, which JSON does not have.");
        if (strict && found > 1) throw new FormatException($"the field '{field}' occurs {found} times.");
        int start = length;
        for (int odd = noNumbers + found - 1; odd > 0; odd--) _text[length++] = Invalid;
        // A text of null is no document, as in a table.
        if (kind == JsonTokenType.String) length += Unescape(value, _text.AsSpan(length));
        _text.AsSpan(start, length - start).Replace((byte)'\n', (byte)' ');
        _text[length++] = (byte)'\n';
        return (int)reader.BytesConsumed;
    }

    /// <summary>Makes an empty text of each NaN, Infinity and -Infinity outside strings, and says how many there were.</summary>
    private static int ReplaceNoNumbers(Span<byte> line)
    {
        int found = 0;
        bool inString = false;
        for (int at = 0; at < line.Length; at++)
        {
            if (line[at] == '"') inString = !inString;
            if (inString)
            {
                if (line[at] == '\\') at++;
                continue;
            }
            foreach (string word in NoNumbers)
            {
                if (!line[at..].StartsWith(Encoding.ASCII.GetBytes(word))) continue;
                line.Slice(at, word.Length).Fill((byte)' ');
                line[at] = line[at + 1] = (byte)'"';
                at++;
                found++;
                break;
            }
        }
        return found;
    }

    private bool IsField(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueTextEquals(field);
        }
        catch (InvalidOperationException)
        {
            // A name that is no text, because of half a surrogate pair or invalid UTF-8.
            return false;
        }
    }

    /// <summary>The text of a JSON string, which has been read once and so is well-formed.</summary>
    private int Unescape(ReadOnlySpan<byte> value, Span<byte> target)
    {
        if (strict && !Utf8.IsValid(value)) throw new FormatException("the text is not valid UTF-8.");
        int length = 0;
        while (true)
        {
            int plain = value.IndexOf((byte)'\\');
            if (plain < 0) plain = value.Length;
            value[..plain].CopyTo(target[length..]);
            length += plain;
            value = value[plain..];
            if (value.IsEmpty) return length;
            if (value[1] != 'u')
            {
                target[length++] = value[1] switch { (byte)'n' => (byte)'\n', (byte)'t' => (byte)'\t', (byte)'r' => (byte)'\r', (byte)'b' => (byte)'\b', (byte)'f' => (byte)'\f', byte same => same };
                value = value[2..];
                continue;
            }
            char first = Unit(value);
            int taken = 6;
            if (!Rune.TryCreate(first, out Rune rune) && value.Length >= 12 && value[6] == '\\' && value[7] == 'u' && Rune.TryCreate(first, Unit(value[6..]), out rune)) taken = 12;
            if (rune != default || first == 0) length += rune.EncodeToUtf8(target[length..]);
            else if (strict) throw new FormatException($"the escape {Encoding.ASCII.GetString(value[..6])} is half of a surrogate pair, so the text is no Unicode.");
            else target[length++] = Invalid;
            value = value[taken..];
        }

        static char Unit(ReadOnlySpan<byte> escape) => (char)ushort.Parse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
