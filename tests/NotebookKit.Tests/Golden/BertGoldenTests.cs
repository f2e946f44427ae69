using NotebookKit.Models;
using NotebookKit.Pretrained;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

[Trait("Category", "Golden")]
public class BertGoldenTests
{
    public static TheoryData<string> Fixtures => GoldenFolders.Of(GoldenKind.Bert);

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Masked_language_model_equals_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using var model = new BertForMaskedLM(Config(fixture, path));
        LoadReport report = model.LoadWeights(fixture.WeightsPath);
        Assert.All(report.Unexpected, name => Assert.True(name.StartsWith("bert.pooler.") || name.StartsWith("classifier."), name));
        model.eval();
        Tensor ids = fixture.Input("input_ids"), mask = fixture.Input("attention_mask"), types = fixture.Input("token_type_ids");

        var hidden = new List<Tensor>();
        model.Bert.Encode(ids, mask, types, hidden);
        for (int i = 0; i < hidden.Count; i++) GoldenAssert.Close(fixture, $"mlm/hidden_states.{i}", hidden[i]);
        GoldenAssert.Close(fixture, "mlm/logits", model.call(ids, mask, types));
        GoldenAssert.Close(fixture, "mlm/logits_default_mask_and_types", model.call(fixture.Input("default_mask_and_types_input_ids"), null, null));

        Tensor labels = fixture.Input("mlm_labels");
        MaskedPrediction prediction = model.Predict(ids, labels, mask, types);
        GoldenAssert.Close(fixture, "mlm/loss", prediction.Loss);
        prediction.Loss.backward();
        GoldenAssert.Gradients(fixture, "grad/mlm/", model);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void Sequence_classifier_equals_the_reference(string path)
    {
        using var scope = NewDisposeScope();
        using var fixture = new GoldenFixture(path);
        using var model = new BertForSequenceClassification(Config(fixture, path));
        model.LoadWeights(fixture.WeightsPath);
        model.eval();
        Tensor ids = fixture.Input("input_ids"), mask = fixture.Input("attention_mask"), types = fixture.Input("token_type_ids");

        GoldenAssert.Close(fixture, "seqcls/pooler_output", model.Pool(ids, mask, types));
        Tensor logits = model.call(ids, mask, types);
        GoldenAssert.Close(fixture, "seqcls/logits", logits);
        Tensor loss = nn.functional.cross_entropy(logits, fixture.Input("seqcls_labels"));
        GoldenAssert.Close(fixture, "seqcls/loss", loss);
        loss.backward();
        GoldenAssert.Gradients(fixture, "grad/seqcls/", model);
    }

    private static BertConfig Config(GoldenFixture fixture, string path) => ModelConfig.Parse<BertConfig>(fixture.Config.GetRawText(), "bert", path);
}
