using System.Text.Json;
using NotebookKit.Mend;
using NotebookKit.Models;
using NotebookKit.Pretrained;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

/// <summary>The base model of a MEND fixture under edit, with the editor that the fixture holds.</summary>
internal sealed class MendSetting : IDisposable
{
    private readonly nn.Module _base;
    private readonly string[] _names;

    private MendSetting(nn.Module model, EditableModel editable, string[] names, MendEditor editor) =>
        (_base, Model, _names, Editor) = (model, editable, names, editor);

    public EditableModel Model { get; }

    public MendEditor Editor { get; }

    /// <summary>The setting of an edit fixture: its base model's file stands beside it, with the model's own configuration in its header.</summary>
    public static MendSetting Load(GoldenFixture fixture)
    {
        string basePath = fixture.Beside("base_model");
        string[] names = [.. fixture.Config.GetProperty("inner_params").EnumerateArray().Select(e => e.GetString()!)];
        using Safetensors baseFile = Safetensors.Open(basePath);
        string config = baseFile.Metadata["config"];
        using var parsed = JsonDocument.Parse(config);
        (nn.Module model, EditableModel editable) = parsed.RootElement.GetProperty("model_type").GetString() == "t5" ? T5() : Gpt2();

        var editor = new MendEditor(editable, MendGolden.Options(fixture.Config, "mend."));
        using Safetensors file = Safetensors.Open(fixture.WeightsPath);
        using var noGradient = no_grad();
        foreach ((string name, var parameter) in editor.Network.named_parameters())
            parameter.copy_(name == "alpha" ? -file.Read("edit_lrs") : file.Read(name)); // the reference adds what we subtract
        Assert.Equal(editor.Network.named_parameters().Count(), file.Entries.Count);
        return new(model, editable, names, editor);

        (nn.Module, EditableModel) T5()
        {
            var t5 = new T5ForConditionalGeneration(ModelConfig.Parse<T5Config>(config, "t5", basePath));
            t5.LoadWeights(basePath);
            return (t5, new EditableT5(t5, names));
        }

        (nn.Module, EditableModel) Gpt2()
        {
            var gpt2 = new Gpt2LMHeadModel(ModelConfig.Parse<Gpt2Config>(config, "gpt2", basePath));
            gpt2.LoadWeights(basePath);
            return (gpt2, new EditableGpt2(gpt2, names));
        }
    }

    public EditTask Task(JsonElement batches) => new(Batch(batches.GetProperty("edit_inner")), Batch(batches.GetProperty("edit_outer")), Batch(batches.GetProperty("loc")));

    /// <summary>Where logits are compared: at tokens, and for an encoder and decoder at targets and the padding between them.</summary>
    public Tensor? Counts(EditBatch batch) => Model.LocalityMask(batch)!.ne(0);

    /// <summary>
    /// The updates as a step makes them, detached. Training lets each weight's tokens into the statistics just before its own transform, so that
    /// for weights that share one the order matters; the statistics are put back.
    /// </summary>
    public LinearFactors[] Updates(IReadOnlyList<LinearFactors> gradient, bool training)
    {
        using var noGradient = no_grad();
        var before = Editor.Network.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        Editor.Network.train(training);
        LinearFactors[] updates = Editor.Network.Updates(gradient);
        Editor.Network.eval();
        foreach ((string name, Tensor value) in Editor.Network.state_dict()) value.copy_(before[name]);
        return updates;
    }

    /// <summary>A statistic by the reference's name, such as <c>(32, 128).u_mean</c>; v is delta there.</summary>
    public Tensor Statistic(string name)
    {
        int dot = name.LastIndexOf('.');
        string transformName = name[..dot], field = name[(dot + 1)..];
        int weight = Enumerable.Range(0, _names.Length).First(i => Model.Weights[i] is var w && (transformName == $"({w.Inputs}, {w.Outputs})" || transformName == w.Name.Replace('.', '#')));
        GradientTransform transform = Editor.Network.Of(weight).Transform;
        RunningStatistics statistics = field.StartsWith('v') ? transform.Delta : transform.U;
        return field[1..] switch { "_mean" => statistics.Mean, "_s" => statistics.Squares, "_std" => statistics.Deviation(), _ => tensor(new[] { (float)statistics.Count }) };
    }

    private EditBatch Batch(JsonElement batch)
    {
        Tensor Of(string name) => GoldenFixture.Integers(batch.GetProperty(name));
        return Model is EditableT5 ? new(Of("input_ids"), Of("attention_mask"), Of("labels")) : EditBatch.NextToken(Of("input_ids"), Of("attention_mask"), Of("labels"));
    }

    public void Dispose()
    {
        Editor.Dispose();
        Model.Dispose();
        _base.Dispose();
    }
}
