using System.Text.Json;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class Gpt2GoldenTests
{
    public static TheoryData<string> Fixtures => GoldenFolders.Of(GoldenKind.Gpt2);

    /// <summary>Files of a bare trunk: no prefix before the names.</summary>
    public static TheoryData<string> BareFiles => new(GoldenFolders.Existing
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.safetensors")).Order(StringComparer.Ordinal).Where(IsBareTrunk));

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Language_model_equals_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using Gpt2LMHeadModel model = Load(fixture, path);
        Tensor ids = fixture.Input("input_ids"), mask = fixture.Input("attention_mask"), real = mask.ne(0);

        var hidden = new List<Tensor>();
        model.Transformer.Encode(ids, mask, hiddenStates: hidden);
        for (int i = 0; i < hidden.Count; i++) GoldenAssert.Close(fixture, $"hidden_states.{i}", hidden[i], real);
        Tensor logits = model.call(ids, mask, null);
        GoldenAssert.Close(fixture, "logits", logits, real);

        Tensor loss = Gpt2LMHeadModel.Loss(logits, fixture.Input("labels"));
        GoldenAssert.Close(fixture, "loss", loss);
        loss.backward();
        GoldenAssert.Gradients(fixture, "grad/", model);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Left_padding_and_greedy_generation_equal_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using Gpt2LMHeadModel model = Load(fixture, path);
        Tensor ids = fixture.Input("generate", "left_padded_input_ids"), mask = fixture.Input("generate", "left_padded_attention_mask");
        Tensor positions = Gpt2LMHeadModel.PositionsOf(mask);
        Assert.True(positions.equal(fixture.Input("generate", "left_padded_position_ids")).all().item<bool>());
        GoldenAssert.Close(fixture, "left_padded/logits", model.call(ids, mask, positions), mask.ne(0));

        JsonElement settings = fixture.Inputs.GetProperty("generate");
        int added = settings.GetProperty("max_new_tokens").GetInt32();
        Assert.Equal(GoldenFixture.Rows(fixture.ExpectedJson("generate/left_padded_batch_sequences")), GoldenFixture.Rows(model.Generate(ids, mask, added)));
        long[][] single = GoldenFixture.Rows(settings.GetProperty("prompts")).Select(p => GoldenFixture.Rows(model.Generate(tensor(p).unsqueeze(0), null, added))[0]).ToArray();
        Assert.Equal(GoldenFixture.Rows(fixture.ExpectedJson("generate/single_sequences")), single);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Rank_classification_equals_the_reference_with_every_input_read_once(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using Gpt2LMHeadModel model = Load(fixture, path);
        GoldenRanking.AssertEqual(fixture, model);
    }

    [Theory]
    [MemberData(nameof(BareFiles))]
    public void A_bare_trunk_loads_whole_and_its_masks_are_passed_over(string path)
    {
        using var scope = NewDisposeScope();
        using Safetensors file = Safetensors.Open(path);
        using var model = new Gpt2LMHeadModel(ModelConfig.Parse<Gpt2Config>(file.Metadata["config"], "gpt2", path));
        LoadReport report = model.LoadWeights(path);
        Assert.Empty(report.Unexpected);
        Assert.True(report.Loaded.Count < file.Entries.Count, "the file holds no mask, so it does not test passing over one");
        foreach (string name in report.Loaded)
            Assert.True(file.Read(name["transformer.".Length..]).equal(model.get_parameter(name)!).all().item<bool>(), name);
    }

    private static Gpt2LMHeadModel Load(GoldenFixture fixture, string path)
    {
        var model = new Gpt2LMHeadModel(ModelConfig.Parse<Gpt2Config>(fixture.Config.GetRawText(), "gpt2", path));
        Assert.Empty(model.LoadWeights(fixture.WeightsPath).Unexpected);
        model.eval();
        return model;
    }

    private static bool IsBareTrunk(string path)
    {
        using Safetensors file = Safetensors.Open(path);
        return file.Contains("wte.weight") && file.Metadata.ContainsKey("config");
    }
}
