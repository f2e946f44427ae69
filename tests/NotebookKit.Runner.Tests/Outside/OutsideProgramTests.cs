using System.Diagnostics;
using NotebookKit.Training;

namespace NotebookKit.Tests.Outside;

/// <summary>The kit in a program that lies in an empty folder elsewhere: nothing of the checkout's build files reaches it by itself.</summary>
public sealed class OutsideProgramTests
{
    private const string Program = """
        using NotebookKit.Training;
        using TorchSharp;

        TorchRuntime.Load();
        Console.WriteLine($"sum {torch.ones(3).sum().item<float>()}");
        """;

    // A package cache of the test's own, over the one that the checkout was restored into: nothing is fetched twice, nothing stays behind.
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            PROPERTIES
          </PropertyGroup>
          <ItemGroup>
            REFERENCE
          </ItemGroup>
        </Project>
        """;

    private static string Library => Path.Combine(CheckoutFolder.Root, "lib", "NotebookKit");

    // The kit's version reads every type of the studies, so that a dependency that did not come along is missed here.
    private const string OfStudies = Program + """

        Console.WriteLine($"kit {NotebookKit.Studies.Experiments.KitVersion.Current.Split('+')[0]}");
        """;

    [Theory]
    [InlineData("NotebookKit", Program, "sum 3")]
    [InlineData("NotebookKit.Studies", OfStudies, "kit 0.1.0")]
    public void A_program_that_references_the_project_computes(string project, string program, string said)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "", $"""<ProjectReference Include="{Path.Combine(CheckoutFolder.Root, "lib", project, project + ".csproj")}" />""", program);
        Assert.Equal(said, Run(folder.Path, "run", "--project", folder.File("program/outside.csproj"), "-p:RunAnalyzers=false"));
    }

    [Fact]
    public void A_program_that_references_the_package_computes()
    {
        using var folder = new TemporaryFolder();
        string packages = folder.File("feed");
        foreach (string project in new[] { Library + ".Templates", Library })
            Run(CheckoutFolder.Root, "pack", project, "--no-build", "-c", "Release", "-o", packages, "-p:RunAnalyzers=false");
        Write(folder, $"""
            <RestorePackagesPath>{folder.File("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageCache()}</RestoreFallbackFolders>
                <RestoreAdditionalProjectSources>{packages}</RestoreAdditionalProjectSources>
            """, """<PackageReference Include="NotebookKit" Version="0.1.0" />""");
        Assert.Equal("sum 3", Run(folder.Path, "run", "--project", folder.File("program/outside.csproj")));
    }

    private static void Write(TemporaryFolder folder, string properties, string reference, string program = Program)
    {
        folder.Write("program/outside.csproj", Project.Replace("PROPERTIES", properties).Replace("REFERENCE", reference));
        folder.Write("program/Program.cs", program);
    }

    /// <summary>The cache that TorchSharp was restored into.</summary>
    private static string PackageCache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named ? named
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>The last line that the command printed.</summary>
    private static string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The program is to find its natives by itself, whatever this process was given.
        start.Environment.Remove(TorchRuntime.FolderVariable);
        start.Environment.Remove("LD_LIBRARY_PATH");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}.\n{output}\n{errors.Result}");
        return output.Trim().Split('\n')[^1].Trim();
    }
}
