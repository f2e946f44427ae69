using System.Text.Json;

namespace NotebookKit.Corpus;

/// <summary>Takes the text out of JSON lines: one document a line, its line feeds made spaces.</summary>
internal sealed class JsonLines(string field)
{
    private byte[] text = [];

    /// <summary>Replaces the lines of a piece by their texts.</summary>
    /// <exception cref="InvalidDataException">A line is no JSON object, or lacks the field, or the field is no string.</exception>
    public void Extract(Piece piece)
    {
        // A JSON string is never shorter than its text, so the texts and their line feeds fit where the lines were.
        if (text.Length < piece.Bytes.Length) text = new byte[piece.Bytes.Length];
        int length = 0;
        ReadOnlySpan<byte> lines = piece.Bytes.AsSpan(0, piece.Length);
        for (int start = 0; start < lines.Length;)
        {
            int end = lines[start..].IndexOf((byte)'\n');
            end = end < 0 ? lines.Length : start + end;
            ReadOnlySpan<byte> line = lines[start..end];
            if (line.ContainsAnyExcept(" \t\r"u8))
            {
                int written = ReadText(line, text.AsSpan(length), piece, start);
                text.AsSpan(length, written).Replace((byte)'\n', (byte)' ');
                length += written;
                text[length++] = (byte)'\n';
            }
            start = end + 1;
        }
        (piece.Bytes, text) = (text, piece.Bytes);
        piece.Length = length;
        piece.IsJsonLines = false;
    }

    private int ReadText(ReadOnlySpan<byte> line, Span<byte> target, Piece piece, int start)
    {
        string Place() => $"'{piece.Source}', the line at byte {piece.Offset + start}";
        try
        {
            Utf8JsonReader reader = new(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new InvalidDataException($"{Place()}: not a JSON object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool found = reader.ValueTextEquals(field);
                reader.Read();
                if (!found)
                {
                    reader.Skip();
                    continue;
                }
                if (reader.TokenType != JsonTokenType.String)
                    throw new InvalidDataException($"{Place()}: the field '{field}' is no text but {reader.TokenType}. Name the field that holds the text with --field.");
                return reader.ValueIsEscaped ? reader.CopyString(target) : CopyRaw(reader.ValueSpan, target);
            }
            throw new InvalidDataException($"{Place()}: no field '{field}'. Name the field that holds the text with --field.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{Place()}: {e.Message}", e);
        }
    }

    private static int CopyRaw(ReadOnlySpan<byte> value, Span<byte> target)
    {
        value.CopyTo(target);
        return value.Length;
    }
}
