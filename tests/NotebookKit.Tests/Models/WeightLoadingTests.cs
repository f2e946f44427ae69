using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Models;

public sealed class WeightLoadingTests : IDisposable
{
    private static readonly BertConfig Tiny = new()
    {
        VocabSize = 20,
        HiddenSize = 8,
        NumHiddenLayers = 1,
        NumAttentionHeads = 2,
        IntermediateSize = 12,
        MaxPositionEmbeddings = 10,
    };

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_saved_model_loads_whole_into_another_seed()
    {
        using var first = new BertForMaskedLM(Tiny, seed: 1);
        using var second = new BertForMaskedLM(Tiny, seed: 2);
        Assert.False(Same(first, second));
        LoadReport report = second.LoadWeights(Save(first));
        Assert.True(Same(first, second));
        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Equal(first.named_parameters().Count(), report.Loaded.Count);
    }

    [Fact]
    public void Missing_and_unexpected_names_are_reported_and_missing_ones_can_be_required()
    {
        using var model = new BertForSequenceClassification(Tiny);
        LoadReport report = model.LoadWeights(Save(new BertForMaskedLM(Tiny, 3)));
        Assert.Equal(["bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight"], report.Missing.Order());
        Assert.All(report.Unexpected, name => Assert.StartsWith("cls.predictions.", name));
        report.RequireAll("bert.pooler.", "classifier.");
        Assert.Contains("classifier.weight", Assert.Throws<InvalidDataException>(() => report.RequireAll("bert.pooler.")).Message);
    }

    [Fact]
    public void Old_names_tied_names_and_constants_are_understood()
    {
        using var model = new BertForMaskedLM(Tiny, 1);
        using var scope = NewDisposeScope();
        var stored = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        Tensor words = stored["bert.embeddings.word_embeddings.weight"];
        stored.Remove("bert.embeddings.word_embeddings.weight");
        stored["cls.predictions.decoder.weight"] = words; // only under its second name
        stored["bert.embeddings.LayerNorm.gamma"] = stored["bert.embeddings.LayerNorm.weight"];
        stored.Remove("bert.embeddings.LayerNorm.weight");
        stored["bert.embeddings.position_ids"] = arange(10);

        using var other = new BertForMaskedLM(Tiny, 2);
        LoadReport report = other.LoadWeights(Write("old.safetensors", stored));
        Assert.True(Same(model, other));
        Assert.Empty(report.Missing);
        Assert.Empty(report.Unexpected);
        Assert.Equal(["cls.predictions.decoder.weight"], report.Tied);
    }

    [Fact]
    public void A_tied_name_with_other_numbers_is_refused()
    {
        using var model = new BertForMaskedLM(Tiny, 1);
        var stored = model.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        stored["cls.predictions.decoder.weight"] = zeros(20, 8);
        using var other = new BertForMaskedLM(Tiny, 2);
        string path = Write("untied.safetensors", stored);
        Assert.Contains("cls.predictions.decoder.weight", Assert.Throws<InvalidDataException>(() => other.LoadWeights(path)).Message);
    }

    [Fact]
    public void A_wrong_shape_is_refused_before_any_parameter_changes()
    {
        using var wide = new BertForMaskedLM(Tiny with { IntermediateSize = 16 }, 1);
        using var model = new BertForMaskedLM(Tiny, 2);
        using var untouched = new BertForMaskedLM(Tiny, 2);
        string message = Assert.Throws<InvalidDataException>(() => model.LoadWeights(Save(wide))).Message;
        Assert.Contains("bert.encoder.layer.0.intermediate.dense", message);
        Assert.Contains("[12", message);
        Assert.True(Same(untouched, model));
    }

    [Theory]
    [InlineData(ScalarType.Float16, 1e-3)]
    [InlineData(ScalarType.BFloat16, 8e-3)]
    public void Half_precision_weights_are_widened(ScalarType type, double relative)
    {
        using var scope = NewDisposeScope();
        using var model = new BertForMaskedLM(Tiny, 1);
        using var other = new BertForMaskedLM(Tiny, 2);
        other.LoadWeights(Write("half.safetensors", model.named_parameters().ToDictionary(p => p.name, p => p.parameter.to(type))));
        foreach ((Tensor a, Tensor b) in model.parameters().Zip(other.parameters()))
        {
            Assert.Equal(ScalarType.Float32, b.dtype);
            Assert.True((a - b).abs().le(a.abs() * relative + 1e-7).all().item<bool>());
        }
    }

    [Fact]
    public void Weights_in_several_files_load_through_their_index()
    {
        using var model = new BertForMaskedLM(Tiny, 1);
        WriteSharded(model);
        using var other = new BertForMaskedLM(Tiny, 2);
        other.LoadWeights(_folder.Path).RequireAll();
        Assert.True(Same(model, other));
    }

    [Theory]
    [InlineData("part-2.safetensors", "part-3.safetensors", "which is not beside it")]
    [InlineData("part-2.safetensors", "../part-2.safetensors", "not a plain file name")]
    [InlineData("cls.predictions.bias", "cls.predictions.other", "'cls.predictions.other'")]
    [InlineData("weight_map", "map", "weight_map")]
    public void An_index_that_does_not_fit_its_files_is_refused(string original, string altered, string fault)
    {
        using var model = new BertForMaskedLM(Tiny, 1);
        WriteSharded(model);
        string index = _folder.File("model.safetensors.index.json");
        File.WriteAllText(index, File.ReadAllText(index).Replace(original, altered));
        Assert.Contains(fault, Assert.ThrowsAny<Exception>(() => model.LoadWeights(_folder.Path)).Message);
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_lacks() =>
        Assert.Contains("model.safetensors", Assert.Throws<FileNotFoundException>(() => PretrainedWeights.Open(_folder.Path)).Message);

    private void WriteSharded(nn.Module model)
    {
        var all = model.named_parameters().Select(p => (p.name, (Tensor)p.parameter)).ToList();
        int half = all.Count / 2;
        Safetensors.Write(_folder.File("part-1.safetensors"), all.Take(half));
        Safetensors.Write(_folder.File("part-2.safetensors"), all.Skip(half));
        var map = all.Select((p, i) => $"\"{p.name}\": \"part-{(i < half ? 1 : 2)}.safetensors\"");
        File.WriteAllText(_folder.File("model.safetensors.index.json"), "{\"metadata\": {}, \"weight_map\": {" + string.Join(", ", map) + "}}");
    }

    private string Save(nn.Module model)
    {
        string path = _folder.File("saved.safetensors");
        model.SaveWeights(path);
        return path;
    }

    private string Write(string name, Dictionary<string, Tensor> tensors)
    {
        string path = _folder.File(name);
        Safetensors.Write(path, tensors.Select(t => (t.Key, t.Value)));
        return path;
    }

    private static bool Same(nn.Module a, nn.Module b) =>
        a.named_parameters().Zip(b.named_parameters()).All(p => p.First.name == p.Second.name && p.First.parameter.equal(p.Second.parameter).all().item<bool>());

    public void Dispose() => _folder.Dispose();
}
