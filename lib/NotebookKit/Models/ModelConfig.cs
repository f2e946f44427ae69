using System.Text.Json;

namespace NotebookKit.Models;

/// <summary>Reads published <c>config.json</c> files and checks what models ask of their configurations.</summary>
internal static class ModelConfig
{
    private static readonly JsonSerializerOptions Published = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="path">The file.</param>
    /// <param name="modelType">The <c>model_type</c> that it must have, if it has one.</param>
    /// <param name="complete">Adds what the file says in other words than the configuration's; null if there is nothing of the kind.</param>
    internal static T Load<T>(string path, string modelType, Func<T, JsonElement, T>? complete = null) => Parse(File.ReadAllText(path), modelType, path, complete);

    internal static T Parse<T>(string json, string modelType, string source, Func<T, JsonElement, T>? complete = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            string? type = document.RootElement.TryGetProperty("model_type", out var value) ? value.GetString() : null;
            Require(source, type is null || type == modelType, $"model_type is '{type}' and '{modelType}' is wanted");
            var config = document.RootElement.Deserialize<T>(Published)!;
            return complete is null ? config : complete(config, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{source} is not a model configuration: {e.Message}", e);
        }
    }

    internal static void RequirePositive(string source, params ReadOnlySpan<(int Value, string Name)> sizes)
    {
        foreach ((int value, string name) in sizes) Require(source, value > 0, $"{name} is {value}; it must be above zero");
    }

    internal static void RequireProbability(string source, params ReadOnlySpan<(double Value, string Name)> rates)
    {
        foreach ((double value, string name) in rates) Require(source, value is >= 0 and < 1, $"{name} is {value}; it must be from 0 up to, not including, 1");
    }

    internal static void Require(string source, bool holds, string otherwise)
    {
        if (!holds) throw new InvalidDataException($"{source}: {otherwise}.");
    }
}
