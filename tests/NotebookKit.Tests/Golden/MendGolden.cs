using System.Text.Json;
using NotebookKit.Mend;
using NotebookKit.Pretrained;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NotebookKit.Tests.Golden;

/// <summary>What the MEND fixtures have in common: the reference's option names, its parameter names, its sign.</summary>
internal static class MendGolden
{
    /// <summary>The options of a transform; the names may carry a prefix such as <c>mend.</c>.</summary>
    public static MendOptions Options(JsonElement config, string prefix = "")
    {
        JsonElement Of(string name) => config.GetProperty(prefix + name);
        bool Is(string name) => Of(name).GetBoolean();
        return new()
        {
            Input = Is("combine") ? TransformInput.Both
                : Is("x_only") ? TransformInput.OnlyU
                : Is("delta_only") ? TransformInput.OnlyDelta
                : Is("one_sided") ? TransformInput.OnlySmaller
                : TransformInput.Separate,
            Shared = Is("shared"),
            Normalise = Is("norm"),
            IdentityStart = Of("init").GetString() == "id",
            Rank = Of("rank").GetInt32(),
            HiddenLayers = Of("n_hidden").GetInt32(),
            Reduction = LossReduction.MeanOfTokens,
        };
    }

    /// <summary>Sets every parameter of a module from the tensor of its name, and checks that none of the file's under the prefix is left over.</summary>
    public static void LoadInto(nn.Module module, Safetensors file, string prefix)
    {
        using var noGradient = no_grad();
        var names = module.named_parameters().Select(p => p.name).ToHashSet();
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            using Tensor value = file.Read(prefix + name);
            parameter.copy_(value);
        }
        Assert.DoesNotContain(file.Entries, e => e.Name.StartsWith(prefix) && !e.Name[prefix.Length..].Contains('/') && !names.Contains(e.Name[prefix.Length..]));
    }
}
