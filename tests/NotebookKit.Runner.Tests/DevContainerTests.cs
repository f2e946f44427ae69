using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NotebookKit.Tests;

/// <summary>
/// The development containers cannot be started in a test. What can be checked without one: the properties and their types as the
/// public schema of devcontainer.json has them, the files they name, the pinned versions, and what the notebooks lean on.
/// </summary>
public partial class DevContainerTests
{
    private static readonly string Root = CheckoutFolder.Root;

    public static TheoryData<string> Files => [".devcontainer/devcontainer.json", ".devcontainer/gpu/devcontainer.json"];

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Root, file)))!.AsObject();

    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(Root, ".devcontainer", "Dockerfile"));

    [GeneratedRegex("^[0-9]+([tgmk]b)?$")]
    private static partial Regex Size { get; }

    [GeneratedRegex("^[a-z0-9-]+\\.[a-zA-Z0-9-]+$")]
    private static partial Regex Extension { get; }

    [GeneratedRegex("^ARG ([A-Z_]+)_VERSION=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Pin { get; }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out _);

    private static bool IsTrueOrFalse(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out _);

    private static bool IsCount(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var n) && n >= 1;

    private static bool IsTexts(JsonNode? node) => node is JsonArray list && list.All(IsText);

    private static bool IsTextMap(JsonNode? node) => node is JsonObject map && map.All(p => IsText(p.Value));

    private static bool IsCommand(JsonNode? node) => IsText(node) || IsTexts(node) || (node is JsonObject map && map.All(p => IsText(p.Value) || IsTexts(p.Value)));

    private static bool IsOneOf(JsonNode? node, params string[] words) => IsText(node) && words.Contains(node!.GetValue<string>());

    /// <summary>The properties of a container that is built of a Dockerfile, with what the schema allows for each.</summary>
    private static readonly Dictionary<string, Func<JsonNode?, bool>> Properties = new()
    {
        ["name"] = IsText,
        ["build"] = node => HasOnly(node, new() { ["dockerfile"] = IsText, ["context"] = IsText, ["target"] = IsText, ["args"] = IsTextMap, ["cacheFrom"] = n => IsText(n) || IsTexts(n), ["options"] = IsTexts }),
        ["remoteUser"] = IsText,
        ["containerUser"] = IsText,
        ["updateRemoteUserUID"] = IsTrueOrFalse,
        ["runArgs"] = IsTexts,
        ["init"] = IsTrueOrFalse,
        ["containerEnv"] = IsTextMap,
        ["remoteEnv"] = node => node is JsonObject map && map.All(p => p.Value is null || IsText(p.Value)),
        ["features"] = node => node is JsonObject,
        ["mounts"] = node => node is JsonArray,
        ["forwardPorts"] = node => node is JsonArray,
        ["hostRequirements"] = node => HasOnly(node, new()
        {
            ["cpus"] = IsCount,
            ["memory"] = IsSize,
            ["storage"] = IsSize,
            ["gpu"] = n => IsTrueOrFalse(n) || IsOneOf(n, "optional") || HasOnly(n, new() { ["cores"] = IsCount, ["memory"] = IsSize }),
        }),
        ["initializeCommand"] = IsCommand,
        ["onCreateCommand"] = IsCommand,
        ["updateContentCommand"] = IsCommand,
        ["postCreateCommand"] = IsCommand,
        ["postStartCommand"] = IsCommand,
        ["postAttachCommand"] = IsCommand,
        ["waitFor"] = node => IsOneOf(node, "initializeCommand", "onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"),
        ["shutdownAction"] = node => IsOneOf(node, "none", "stopContainer"),
        ["workspaceFolder"] = IsText,
        ["workspaceMount"] = IsText,
        ["customizations"] = node => node is JsonObject,
    };

    private static bool IsSize(JsonNode? node) => IsText(node) && Size.IsMatch(node!.GetValue<string>());

    private static bool HasOnly(JsonNode? node, Dictionary<string, Func<JsonNode?, bool>> properties) =>
        node is JsonObject map && map.All(p => properties.TryGetValue(p.Key, out var allowed) && allowed(p.Value));

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_property_is_in_the_schema_and_of_its_type(string file)
    {
        foreach (var (name, value) in Read(file))
        {
            Assert.True(Properties.TryGetValue(name, out var allowed), $"{file}: '{name}' is no property of a devcontainer.json.");
            Assert.True(allowed(value), $"{file}: '{name}' is {value?.ToJsonString()}, which the schema does not allow.");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_that_is_named_exists(string file)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Root, file))!;
        var build = Read(file)["build"]!;
        Assert.True(File.Exists(Path.Combine(folder, build["dockerfile"]!.GetValue<string>())));
        Assert.True(Directory.Exists(Path.Combine(folder, build["context"]?.GetValue<string>() ?? ".")));
        Assert.Contains($" AS {build["target"]}\n", Dockerfile);
        Assert.Contains("NotebookKit.sln", Read(file)["updateContentCommand"]!.GetValue<string>());

        var opened = Read(file)["customizations"]!["codespaces"]!["openFiles"]!.AsArray().Select(n => n!.GetValue<string>()).ToList();
        Assert.Equal(["notebooks/00-start-here.ipynb"], opened);
        Assert.Contains(opened[0], Read(file)["postAttachCommand"]!.GetValue<string>());
        Assert.SkipUnless(Directory.Exists(Path.Combine(Root, "notebooks")), "This checkout has no notebooks.");
        Assert.All(opened, f => Assert.True(File.Exists(Path.Combine(Root, f)), $"{f} is missing."));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_corpus_keeps_its_XML_and_threads_are_bounded(string file)
    {
        var environment = Read(file)["containerEnv"]!;
        Assert.Equal("", environment["NUGET_XMLDOC_MODE"]!.GetValue<string>());
        Assert.Matches(@"^\$\{localEnv:OMP_NUM_THREADS:[1-9][0-9]*\}$", environment["OMP_NUM_THREADS"]!.GetValue<string>());
        Assert.Contains("ENV NUGET_XMLDOC_MODE=\n", Dockerfile);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_editor_gets_C_sharp_notebooks_and_Jupyter(string file)
    {
        var extensions = Read(file)["customizations"]!["vscode"]!["extensions"]!.AsArray().Select(n => n!.GetValue<string>()).ToList();
        Assert.All(extensions, id => Assert.Matches(Extension, id));
        Assert.Contains("ms-dotnettools.csharp", extensions);
        Assert.Contains("ms-dotnettools.dotnet-interactive-vscode", extensions);
        Assert.Contains("ms-toolsai.jupyter", extensions);
    }

    [Fact]
    public void The_GPU_variant_asks_for_the_GPU_and_its_libtorch()
    {
        var gpu = Read(".devcontainer/gpu/devcontainer.json");
        Assert.Contains("--gpus all", string.Join(' ', gpu["runArgs"]!.AsArray().Select(n => n!.GetValue<string>())));
        Assert.True(gpu["hostRequirements"]!["gpu"]!.GetValue<bool>());
        Assert.EndsWith("-p:Device=cuda", gpu["updateContentCommand"]!.GetValue<string>());
        var stage = Dockerfile[Dockerfile.IndexOf("FROM cpu AS gpu", StringComparison.Ordinal)..];
        Assert.Contains("ENV NOTEBOOKKIT_LIBTORCH=/opt/torch/lib/python3.12/site-packages/torch/lib\n", stage);
        Assert.Contains("ENV Device=cuda\n", stage);
    }

    [Fact]
    public void Everything_that_is_installed_is_pinned()
    {
        var pins = Pin.Matches(Dockerfile).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value);
        Assert.All(pins, pin => Assert.Matches(@"^\d+\.\d+\.\d+$", pin.Value));
        Assert.All(pins, pin => Assert.Matches($@"(==|--version )\${pin.Key}_VERSION\b", Dockerfile));
        foreach (var line in Dockerfile.Split('\n').Where(l => l.Contains("pip install")))
            Assert.All(line.Split("--no-cache-dir ")[1].Split(" \\")[0].Split(' '), package => Assert.Contains("==$", package));
        // An Ubuntu 24.04 with the .NET 10 SDK.
        Assert.StartsWith("FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS cpu", Dockerfile.Split('\n').First(l => l.StartsWith("FROM")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_kernel_is_the_tool_of_the_checkout_under_our_own_kernel_spec(string file)
    {
        var tool = JsonNode.Parse(File.ReadAllText(Path.Combine(Root, ".config", "dotnet-tools.json")))!["tools"]!["microsoft.dotnet-interactive"]!;
        Assert.Equal("1.0.712001", tool["version"]!.GetValue<string>());
        var command = Read(file)["postCreateCommand"]!.GetValue<string>();
        Assert.StartsWith("dotnet tool restore && ", command, StringComparison.Ordinal);
        Assert.EndsWith(" -- kernel install", command, StringComparison.Ordinal);
    }

    [Fact]
    public void The_CUDA_libtorch_is_of_the_version_that_the_build_pins()
    {
        var pinned = System.Xml.Linq.XDocument.Load(Path.Combine(Root, "Directory.Packages.props")).Descendants("LibTorchVersion").Single().Value;
        Assert.Contains($"ARG TORCH_VERSION={pinned}\n", Dockerfile);
    }

    [Fact]
    public void No_package_source_is_named()
    {
        foreach (var text in Directory.EnumerateFiles(Path.Combine(Root, ".devcontainer"), "*", SearchOption.AllDirectories).Select(File.ReadAllText))
        {
            Assert.DoesNotContain("--add-source", text);
            Assert.DoesNotContain("index-url", text);
            Assert.DoesNotContain("://", text);
        }
    }
}
