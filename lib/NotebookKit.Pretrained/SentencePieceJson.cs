using System.Text.Json;
using Google.Protobuf;

namespace NotebookKit.Pretrained;

/// <summary>
/// A T5's <c>tokenizer.json</c> as the SentencePiece model that it was made from, for folders that have lost their <c>spiece.model</c>. The tokenizer library reads
/// only the latter: a protobuf with the pieces in field 1, the trainer's settings in field 2 and the normalizer's in field 3.
/// </summary>
internal static class SentencePieceJson
{
    private const int Unigram = 1, Normal = 1, Unknown = 2, Control = 3;

    /// <exception cref="InvalidDataException">The file is no tokenizer of a T5.</exception>
    internal static byte[] Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement, model = root.GetProperty("model");
            string? type = model.TryGetProperty("type", out var named) ? named.GetString() : null;
            if (type != "Unigram") throw new InvalidDataException($"{path} is a tokenizer of the kind '{type}', and a T5's is 'Unigram'. Get the file that is published with these weights, or spiece.model.");
            int unknown = model.GetProperty("unk_id").GetInt32();
            HashSet<string> special = [.. root.TryGetProperty("added_tokens", out var added) ? added.EnumerateArray().Select(token => token.GetProperty("content").GetString()!) : []];
            // The sentinels stand behind the model's own pieces, and spiece.model does not know them.
            var pieces = model.GetProperty("vocab").EnumerateArray().Select(piece => (Text: piece[0].GetString()!, Score: piece[1].GetSingle()))
                .Where(piece => !piece.Text.StartsWith("<extra_id_", StringComparison.Ordinal)).ToList();
            return Message(file =>
            {
                for (int id = 0; id < pieces.Count; id++)
                {
                    var (text, score) = pieces[id];
                    int kind = id == unknown ? Unknown : special.Contains(text) ? Control : Normal;
                    Nested(file, 1, piece => { piece.WriteTag(1, WireFormat.WireType.LengthDelimited); piece.WriteString(text); piece.WriteTag(2, WireFormat.WireType.Fixed32); piece.WriteFloat(score); Number(piece, 3, kind); });
                }
                // A T5 has no token that begins a text (41); the unknown one stands in and is never added.
                Nested(file, 2, trainer => { Number(trainer, 3, Unigram); Number(trainer, 40, unknown); Number(trainer, 41, unknown); Number(trainer, 42, 1); Number(trainer, 43, 0); });
                Nested(file, 3, normalizer =>
                {
                    if (Charsmap(root) is { } charsmap) { normalizer.WriteTag(2, WireFormat.WireType.LengthDelimited); normalizer.WriteBytes(ByteString.CopyFrom(charsmap)); }
                    foreach (int yes in (int[])[3, 4, 5]) Number(normalizer, yes, 1); // a space in front, no double spaces, spaces as ▁
                });
            });
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path} is not a tokenizer.json of a T5 ({e.Message}). Get it again, or spiece.model.", e);
        }
    }

    /// <summary>The table that spells characters alike, alone or in a sequence of normalizers; null if there is none.</summary>
    private static byte[]? Charsmap(JsonElement root)
    {
        if (!root.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind != JsonValueKind.Object) return null;
        JsonElement[] all = normalizer.TryGetProperty("normalizers", out var several) ? [.. several.EnumerateArray()] : [normalizer];
        return all.Where(n => n.TryGetProperty("precompiled_charsmap", out _)).Select(n => n.GetProperty("precompiled_charsmap").GetBytesFromBase64()).FirstOrDefault();
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true)) write(output);
        return buffer.ToArray();
    }

    private static void Nested(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(Message(write)));
    }

    private static void Number(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }
}
