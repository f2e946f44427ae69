using System.Text.Json;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class T5GoldenTests
{
    public static TheoryData<string> Fixtures => GoldenFolders.Of(GoldenKind.T5);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Encoder_decoder_equals_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using T5ForConditionalGeneration model = Load(fixture, path);
        Tensor ids = fixture.Input("input_ids"), mask = fixture.Input("attention_mask"), labels = fixture.Input("labels");

        Tensor decoderIds = model.ShiftRight(labels);
        Assert.True(decoderIds.equal(GoldenFixture.Integers(fixture.ExpectedJson("decoder_input_ids_after_shift_right"))).all().item<bool>());
        List<Tensor> encoderStates = [], decoderStates = [];
        Tensor memory = model.Encode(ids, mask, encoderStates);
        GoldenAssert.Close(fixture, "encoder_last_hidden_state", memory);
        Tensor hidden = model.Decode(decoderIds, memory, mask, hiddenStates: decoderStates);
        GoldenAssert.Close(fixture, "decoder_last_hidden_state", hidden);
        for (int i = 0; i < encoderStates.Count; i++) GoldenAssert.Close(fixture, $"encoder_hidden_states.{i}", encoderStates[i]);
        for (int i = 0; i < decoderStates.Count; i++) GoldenAssert.Close(fixture, $"decoder_hidden_states.{i}", decoderStates[i]);

        Tensor logits = model.call(ids, mask, decoderIds, null);
        GoldenAssert.Close(fixture, "logits", logits);
        Tensor loss = T5ForConditionalGeneration.Loss(logits, labels);
        GoldenAssert.Close(fixture, "loss", loss);
        loss.backward();
        GoldenAssert.Gradients(fixture, "grad/", model);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Relative_position_buckets_and_biases_equal_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using T5ForConditionalGeneration model = Load(fixture, path);
        Tensor positions = GoldenFixture.Integers(fixture.ExpectedJson("relative_position_bucket/positions"));
        foreach ((string name, bool bidirectional) in new[] { ("bidirectional", true), ("causal", false) })
            Assert.Equal(
                GoldenFixture.Integers(fixture.ExpectedJson($"relative_position_bucket/{name}")).data<long>().ToArray(),
                positions.data<long>().Select(d => RelativePosition.Bucket(d, bidirectional, model.Config.RelativeAttentionNumBuckets, model.Config.RelativeAttentionMaxDistance)));

        var biases = fixture.ExpectedNames.Where(name => name.Contains("_position_bias_len")).ToList();
        Assert.NotEmpty(biases);
        foreach (string name in biases)
            GoldenAssert.Close(fixture, name, model.PositionBias(name.StartsWith("decoder"), long.Parse(name[(name.LastIndexOf("len") + 3)..])));
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Greedy_generation_equals_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using T5ForConditionalGeneration model = Load(fixture, path);
        Tensor ids = fixture.Input("input_ids"), mask = fixture.Input("attention_mask");
        int added = fixture.Inputs.GetProperty("generate").GetProperty("max_new_tokens").GetInt32();

        Assert.Equal(GoldenFixture.Rows(fixture.ExpectedJson("generate/padded_batch_sequences")), GoldenFixture.Rows(model.Generate(ids, mask, added)));
        long[] lengths = mask.sum(1).data<long>().ToArray();
        long[][] single = lengths.Select((length, i) => GoldenFixture.Rows(model.Generate(ids[i].narrow(0, 0, length).unsqueeze(0), null, added))[0]).ToArray();
        Assert.Equal(GoldenFixture.Rows(fixture.ExpectedJson("generate/single_sequences")), single);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Rank_classification_equals_the_reference_with_every_input_read_once(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using T5ForConditionalGeneration model = Load(fixture, path);
        GoldenRanking.AssertEqual(fixture, model);

        JsonElement batch = fixture.Inputs.GetProperty("rank_classification").GetProperty("batch");
        Tensor labels = GoldenFixture.Integers(batch.GetProperty("labels"));
        Tensor logits = model.call(
            GoldenFixture.Integers(batch.GetProperty("input_ids")), GoldenFixture.Integers(batch.GetProperty("attention_mask")), model.ShiftRight(labels), null);
        GoldenAssert.Close(fixture, "rank_classification/logits", logits);
    }

    private static T5ForConditionalGeneration Load(GoldenFixture fixture, string path)
    {
        var model = new T5ForConditionalGeneration(ModelConfig.Parse<T5Config>(fixture.Config.GetRawText(), "t5", path));
        Assert.Empty(model.LoadWeights(fixture.WeightsPath).Unexpected);
        model.eval();
        return model;
    }
}
