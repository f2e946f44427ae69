using NotebookKit.Models;
using NotebookKit.Pretrained;
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

    private static readonly Gpt2Config TinyGpt2 = new() { VocabSize = 20, HiddenSize = 8, NumHiddenLayers = 1, NumAttentionHeads = 2, MaxPositionEmbeddings = 10 };

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
    public void A_load_that_leaves_parameters_random_is_an_error_unless_they_are_named_as_fresh()
    {
        using var model = new BertForSequenceClassification(Tiny);
        using var untouched = new BertForSequenceClassification(Tiny);
        string path = Save(new BertForMaskedLM(Tiny, 3));
        Assert.Contains("classifier.weight", Assert.Throws<InvalidDataException>(() => model.LoadWeights(path)).Message);
        Assert.Contains("classifier.weight", Assert.Throws<InvalidDataException>(() => model.LoadWeights(path, "bert.pooler.")).Message);
        Assert.True(Same(untouched, model));

        LoadReport report = model.LoadWeights(path, "bert.pooler.", "classifier.");
        Assert.Equal(["bert.pooler.dense.bias", "bert.pooler.dense.weight", "classifier.bias", "classifier.weight"], report.Missing.Order());
        Assert.All(report.Unexpected, name => Assert.StartsWith("cls.predictions.", name));
    }

    [Theory]
    [InlineData("_orig_mod.{0}")]
    [InlineData("module.{0}")]
    [InlineData("module._orig_mod.{0}")]
    [InlineData("_fsdp_wrapped_module.{0}")]
    public void Names_are_understood_below_wrappers(string wrapped)
    {
        using var model = new BertForMaskedLM(Tiny, 1);
        using var other = new BertForMaskedLM(Tiny, 2);
        LoadReport report = other.LoadWeights(Write("wrapped.safetensors", Renamed(model, name => string.Format(null, wrapped, name))));
        Assert.True(Same(model, other));
        Assert.Empty(report.Unexpected);
    }

    [Fact]
    public void Names_are_understood_when_a_wrapper_is_around_each_layer()
    {
        using var model = new Gpt2LMHeadModel(TinyGpt2, 1);
        using var other = new Gpt2LMHeadModel(TinyGpt2, 2);
        other.LoadWeights(Write("layers.safetensors", Renamed(model, name => name.Replace(".h.0.", ".h.0._checkpoint_wrapped_module."))));
        Assert.True(Same(model, other));
    }

    [Fact]
    public void A_parameter_that_is_stored_wrapped_and_unwrapped_is_refused()
    {
        using var model = new BertForMaskedLM(Tiny, 1);
        Dictionary<string, Tensor> stored = Renamed(model, name => name);
        stored["module.cls.predictions.bias"] = stored["cls.predictions.bias"];
        string path = Write("twice.safetensors", stored);
        Assert.Contains("'module.cls.predictions.bias' both mean", Assert.Throws<InvalidDataException>(() => model.LoadWeights(path)).Message);
    }

    [Fact]
    public void A_bare_trunk_fills_the_trunk_of_either_model()
    {
        BertConfig two = Tiny with { NumHiddenLayers = 2 };
        using var classifier = new BertForSequenceClassification(two, 1);
        string path = Write("trunk.safetensors", Renamed(classifier, name => name.StartsWith("bert.") ? name["bert.".Length..] : null));

        using var other = new BertForSequenceClassification(two, 2);
        Assert.Equal(39, other.LoadWeights(path, "classifier.").Loaded.Count);
        using var masked = new BertForMaskedLM(two, 2);
        LoadReport report = masked.LoadWeights(path, "cls.");
        Assert.Equal((37, 2), (report.Loaded.Count, report.Unexpected.Count));
        Assert.Equal(["pooler.dense.bias", "pooler.dense.weight"], report.Unexpected);
        foreach ((string name, Tensor parameter) in masked.Bert.named_parameters())
            Assert.True(parameter.equal(classifier.Bert.get_parameter(name)!).all().item<bool>(), name);
        Assert.Contains("name the rest as fresh", Assert.Throws<InvalidDataException>(() => masked.LoadWeights(path)).Message);
    }

    [Theory]
    [InlineData(ScalarType.Int8, "I8")]
    [InlineData(ScalarType.Byte, "U8")]
    [InlineData(ScalarType.Int16, "I16")]
    [InlineData(ScalarType.Int32, "I32")]
    [InlineData(ScalarType.Int64, "I64")]
    [InlineData(ScalarType.Bool, "BOOL")]
    public void Weights_that_are_no_real_numbers_are_refused_before_any_parameter_changes(ScalarType type, string name)
    {
        using var scope = NewDisposeScope();
        using var model = new Gpt2LMHeadModel(TinyGpt2, 1);
        using var untouched = new Gpt2LMHeadModel(TinyGpt2, 1);
        Dictionary<string, Tensor> stored = Renamed(new Gpt2LMHeadModel(TinyGpt2, 2), n => n);
        stored["transformer.h.0.mlp.c_fc.weight"] = stored["transformer.h.0.mlp.c_fc.weight"].to(type);
        stored["transformer.h.0.mlp.c_fc.weight_scale"] = ones(1);
        string message = Assert.Throws<InvalidDataException>(() => model.LoadWeights(Write("quantised.safetensors", stored))).Message;
        Assert.Contains($"'transformer.h.0.mlp.c_fc.weight' is stored as {name}", message);
        Assert.True(Same(untouched, model));
    }

    [Fact]
    public void Classes_are_counted_by_their_names_where_the_file_has_no_number()
    {
        const string shape = "\"vocab_size\": 20, \"hidden_size\": 8, \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"intermediate_size\": 12";
        int Labels(string more)
        {
            File.WriteAllText(_folder.File("config.json"), $"{{\"model_type\": \"bert\", {shape}{more}}}");
            return BertConfig.Load(_folder.File("config.json")).NumLabels;
        }
        Assert.Equal(2, Labels(""));
        Assert.Equal(5, Labels(", \"num_labels\": 5"));
        Assert.Equal(3, Labels(", \"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}"));
        Assert.Equal(3, Labels(", \"num_labels\": 2, \"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}"));
        Assert.Equal(2, Labels(", \"id2label\": null"));
        Assert.Throws<InvalidDataException>(() => Labels(", \"id2label\": {}"));
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
        other.LoadWeights(_folder.Path);
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

    /// <summary>A module's parameters under other names; null leaves one out.</summary>
    private static Dictionary<string, Tensor> Renamed(nn.Module model, Func<string, string?> rename) => model.named_parameters()
        .Select(p => (Name: rename(p.name), Value: (Tensor)p.parameter)).Where(p => p.Name is not null).ToDictionary(p => p.Name!, p => p.Value);

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
