using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using NotebookKit.Tokenizers;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace NotebookKit.Tests.Models;

/// <summary>The models in packages against the programs that their makers run them with.</summary>
public class PretrainedBertTests
{
    /// <summary>From one token to over a hundred, so that a batch of them is mostly padding.</summary>
    private static readonly string[] Texts =
    [
        "Returns.",
        "Returns the eigenvalue of the matrix.",
        "A man is riding a horse on the beach near Kuala Lumpur, while nobody watches him from the café.",
        string.Join(' ', Enumerable.Repeat("Gets or sets a value that indicates whether the control's text can be edited; the default is false.", 6)),
    ];

    public static TheoryData<string> Models => ["MiniLM", "ArcticXs"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Trunk_equals_ONNX_Runtime_at_every_token_of_a_padded_batch(string name)
    {
        PretrainedBert bert = Present(name);
        WordPieceVocabulary pieces = bert.ReadPieces();
        long[][] rows = [.. pieces.Encode(Texts).Select(ids => (long[])[pieces.ClassificationId, .. ids, pieces.SeparatorId])];
        int time = rows.Max(r => r.Length);
        long[] ids = [.. rows.SelectMany(r => r.Concat(Enumerable.Repeat((long)pieces.PaddingId, time - r.Length)))];
        long[] mask = [.. rows.SelectMany(r => Enumerable.Range(0, time).Select(i => i < r.Length ? 1L : 0))];
        // Segments as in a pair of sentences: the second half of each row.
        long[] types = [.. rows.SelectMany(r => Enumerable.Range(0, time).Select(i => i >= r.Length / 2 && i < r.Length ? 1L : 0))];

        float[] expected = RunOnnx(bert, ids, mask, types, rows.Length, time);

        using var scope = NewDisposeScope();
        using BertModel trunk = bert.LoadTrunk();
        using var noGradient = no_grad();
        Tensor Batch(long[] values) => tensor(values, [rows.Length, time]);
        float[] actual = [.. trunk.Encode(Batch(ids), Batch(mask), Batch(types)).data<float>()];
        int width = bert.Config.HiddenSize;
        Assert.Equal(expected.Length, actual.Length);
        for (int token = 0; token < mask.Length; token++)
            if (mask[token] == 1)
                for (int i = token * width; i < (token + 1) * width; i++) Assert.Equal(expected[i], actual[i], 1e-4f);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Tokens_equal_those_of_the_Hugging_Face_tokenizer(string name)
    {
        // The ids of the tokenizer library of Hugging Face, version 0.23.2, over this vocabulary.
        using Stream stream = typeof(PretrainedBertTests).Assembly.GetManifestResourceStream("uncased-tokens.json")!;
        var golden = JsonSerializer.Deserialize<Encoded[]>(stream, JsonSerializerOptions.Web)!;

        WordPieceVocabulary pieces = Present(name).ReadPieces();

        Assert.Equal(30_522, pieces.Count);
        Assert.All(golden.Zip(pieces.Encode(golden.Select(g => g.Text))), pair => Assert.Equal(pair.First.Ids, pair.Second));
    }

    [Fact]
    public void The_heads_weights_stay_as_they_are()
    {
        PretrainedBert bert = Present("MiniLM");
        using var scope = NewDisposeScope();
        using var model = new BertForMaskedLM(bert.Config, seed: 1);
        using var same = new BertForMaskedLM(bert.Config, seed: 1);

        bert.LoadInto(model.Bert);

        foreach ((var mine, var other) in model.named_parameters().Zip(same.named_parameters()))
            Assert.Equal(mine.name.StartsWith("cls."), mine.parameter.equal(other.parameter).all().item<bool>());
    }

    [Fact]
    public void A_trunk_of_another_shape_is_refused_by_the_weights_name()
    {
        PretrainedBert bert = Present("MiniLM");
        using var model = new BertForMaskedLM(bert.Config with { IntermediateSize = 384, NumHiddenLayers = 1 });

        var error = Assert.Throws<InvalidDataException>(() => bert.LoadInto(model.Bert));

        Assert.Contains("encoder.layer.0.intermediate.dense.weight", error.Message);
        Assert.Contains("MiniLM", error.Message);
    }

    [Fact]
    public void A_missing_package_is_told_in_one_sentence_with_the_place_and_the_cure()
    {
        using var folder = new TemporaryFolder();
        PretrainedBert bert = new("Tiny", "No.Package", folder.File("no.package"), "Restore it.");

        var error = Assert.Throws<FileNotFoundException>(() => bert.ReadPieces());

        Assert.Equal(bert.Missing, error.Message);
        Assert.Contains(folder.File("no.package"), error.Message);
        Assert.EndsWith("Restore it.", error.Message);
    }

    [Fact]
    public void A_damaged_package_is_told_by_its_file()
    {
        using var folder = new TemporaryFolder();
        string library = Directory.CreateDirectory(folder.File(Path.Combine("lib", "netstandard2.1"))).FullName;
        PretrainedBert bert = new("Tiny", "Tiny", Path.GetDirectoryName(Path.GetDirectoryName(library))!, "Restore it.");

        File.WriteAllText(Path.Combine(library, "Tiny.dll"), "no assembly");
        Assert.Contains("Tiny.dll", Assert.Throws<InvalidDataException>(() => bert.ReadPieces()).Message);

        File.Copy(typeof(PretrainedBert).Assembly.Location, Path.Combine(library, "Tiny.dll"), overwrite: true);
        Assert.Contains("vocab.txt", Assert.Throws<InvalidDataException>(() => bert.ReadPieces()).Message);
    }

    private static PretrainedBert Present(string name)
    {
        PretrainedBert bert = name == "MiniLM" ? PretrainedBert.MiniLM : PretrainedBert.ArcticXs;
        if (bert.Missing is { } missing) Assert.Skip(missing);
        return bert;
    }

    private static float[] RunOnnx(PretrainedBert bert, long[] ids, long[] mask, long[] types, int batch, int time)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(bert.ReadModel(), options);
        NamedOnnxValue Input(string name, long[] values) => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(values, [batch, time]));
        using var outputs = session.Run([Input("input_ids", ids), Input("attention_mask", mask), Input("token_type_ids", types)], ["last_hidden_state"]);
        return [.. outputs.Single().AsEnumerable<float>()];
    }

    private sealed record Encoded(string Text, int[] Ids);
}
