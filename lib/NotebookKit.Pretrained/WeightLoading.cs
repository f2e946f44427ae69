using NotebookKit.Models;
using static TorchSharp.torch;

namespace NotebookKit.Pretrained;

/// <summary>Moves weights between safetensors files and modules.</summary>
public static class WeightLoading
{
    /// <summary>
    /// Sets the module's parameters from a file, an index of files or their folder. F16 and BF16 are widened to the parameter's own type.
    /// All names, shapes and number formats are checked before the first parameter is set. A load that would leave a parameter at its
    /// random value is an error, unless the parameter is named as fresh; stored tensors without a place in the module are reported.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file, index or folder.</param>
    /// <param name="fresh">Beginnings of the names that may keep their initial values: a head that is new and about to be trained, as <c>"classifier."</c>.</param>
    /// <exception cref="FileNotFoundException">There are no weights at the path.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is broken, a parameter is missing, a stored shape is not the parameter's, its numbers are no real ones, two stored names mean
    /// one parameter, or a tied name holds other numbers.
    /// </exception>
    public static LoadReport LoadWeights(this nn.Module module, string path, params IReadOnlyList<string> fresh)
    {
        using var weights = PretrainedWeights.Open(path);
        var names = (module as IPretrained)?.WeightNames ?? new WeightNames();
        var parameters = module.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);

        var sources = new SortedDictionary<string, string>(StringComparer.Ordinal); // parameter → stored name
        var aliases = new SortedDictionary<string, string>(StringComparer.Ordinal); // stored tied name → parameter
        var unexpected = new List<string>();
        foreach (string stored in weights.Names.Order(StringComparer.Ordinal))
        {
            string name = names.NameOf(stored);
            if (parameters.ContainsKey(name))
            {
                if (!sources.TryAdd(name, stored))
                    throw new InvalidDataException($"{weights.Path}: '{sources[name]}' and '{stored}' both mean the parameter '{name}'. Remove one of them.");
            }
            else if (names.Tied.TryGetValue(name, out string? owner) && parameters.ContainsKey(owner)) aliases.Add(stored, owner);
            else if (!names.IsConstant(name)) unexpected.Add(stored);
        }
        foreach ((string stored, string owner) in aliases) sources.TryAdd(owner, stored); // some files keep only the second name

        var missing = parameters.Keys.Where(name => !sources.ContainsKey(name)).ToList();
        var report = new LoadReport(weights.Path, [.. sources.Keys], missing, unexpected, [.. aliases.Keys]);
        report.RequireAllBut(fresh);
        foreach ((string name, string stored) in sources) Check(weights, stored, name, parameters[name]);
        foreach ((string stored, string owner) in aliases) CheckTied(weights, stored, sources[owner], owner);

        using (no_grad())
            foreach ((string name, string stored) in sources)
            {
                using var value = weights.Read(stored);
                parameters[name].copy_(value);
            }
        return report;
    }

    /// <summary>Writes every parameter of the module, in the module's order, under its own name.</summary>
    public static void SaveWeights(this nn.Module module, string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        Safetensors.Write(path, module.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), metadata ?? new Dictionary<string, string> { ["format"] = "pt" });

    private static void Check(PretrainedWeights weights, string stored, string name, Tensor parameter)
    {
        if (parameter.is_floating_point() && !SafetensorsHeader.IsReal(weights[stored].Type))
            throw new InvalidDataException(
                $"{weights.Path}: '{stored}' is stored as {weights[stored].Type}, and the model's '{name}' takes real numbers (F16, BF16, F32 or F64). "
                + "Quantised weights mean nothing without their scales, which are not applied here. Get the weights that were not quantised.");
        if (!weights[stored].Shape.SequenceEqual(parameter.shape))
            throw new InvalidDataException(
                $"{weights.Path}: '{stored}' is {weights[stored]} and the model's '{name}' is [{string.Join(", ", parameter.shape)}]. The configuration is not the one of these weights.");
    }

    private static void CheckTied(PretrainedWeights weights, string stored, string source, string owner)
    {
        if (stored == source) return;
        using Tensor alias = weights.Read(stored), value = weights.Read(source);
        if (!alias.shape.SequenceEqual(value.shape) || !alias.equal(value).all().item<bool>())
            throw new InvalidDataException(
                $"{weights.Path}: '{stored}' should repeat '{owner}', to which it is tied, and holds other numbers. These weights need a model with two separate matrices: \"tie_word_embeddings\": false in config.json.");
    }
}
