using Google.Protobuf;
using Microsoft.ML.Tokenizers;
using NotebookKit.Tokenizers;

namespace NotebookKit.Pretrained;

/// <summary>The tokens of published T5 models.</summary>
public static class SentencePieceTokens
{
    /// <summary>The SentencePiece model of a published T5 or T0: <c>spiece.model</c>, or else <c>tokenizer.json</c>, in the folder of its weights.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="paddingId">Its padding token.</param>
    /// <param name="endId">Its end token.</param>
    /// <exception cref="FileNotFoundException">There is neither file.</exception>
    /// <exception cref="InvalidDataException">The file is broken or of another kind.</exception>
    public static TextTokens Load(string folder, int paddingId = 0, int endId = 1)
    {
        string path = Path.Combine(folder, "spiece.model"), json = Path.Combine(folder, "tokenizer.json");
        if (!File.Exists(path) && !File.Exists(json))
            throw new FileNotFoundException($"There is no spiece.model and no tokenizer.json in {folder}. One of them stands beside the weights of a published T5; copy it there.", path);
        var tokenizer = File.Exists(path) ? Create(path, WithBeginning(File.ReadAllBytes(path))) : Create(json, SentencePieceJson.Read(json));
        return new TextTokens(text => FoldUnknowns(tokenizer.EncodeToIds(text), tokenizer.UnknownId), ids => tokenizer.Decode(ids), tokenizer.Vocabulary.Values.Max() + 1, paddingId, endId);
    }

    private static SentencePieceTokenizer Create(string path, byte[] model)
    {
        try
        {
            using var file = new MemoryStream(model);
            return SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException or InvalidOperationException or InvalidDataException or NullReferenceException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"{path} is not a SentencePiece model ({e.Message}). A file of a few lines of text is a pointer of Git LFS; get the file itself.", e);
        }
    }

    /// <summary>What a model does not know gives one unknown token, however many characters it has; the tokenizer library gives one for each.</summary>
    private static IEnumerable<int> FoldUnknowns(IReadOnlyList<int> ids, int unknown) => ids.Where((id, at) => id != unknown || at == 0 || ids[at - 1] != unknown);

    /// <summary>
    /// T5 has no token that begins a text: its model says -1 (field 41 of the trainer's settings), which the tokenizer library takes for a
    /// position in its table. The unknown token, 2, stands in; it is never added. The number keeps its ten bytes.
    /// </summary>
    private static byte[] WithBeginning(byte[] model)
    {
        ReadOnlySpan<byte> none = [0xC8, 0x02, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01];
        ReadOnlySpan<byte> unknown = [0xC8, 0x02, 0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00];
        int at = model.AsSpan().LastIndexOf(none);
        if (at >= 0) unknown.CopyTo(model.AsSpan(at));
        return model;
    }
}
