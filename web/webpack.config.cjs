// One page, one script, named by their contents; nothing is loaded from elsewhere.
const path = require("path");
const HtmlWebpackPlugin = require("html-webpack-plugin");

module.exports = {
  entry: "./src/shop.ts",
  output: {
    path: path.resolve(__dirname, "dist"),
    publicPath: "/",
    filename: "assets/shop.[contenthash].js",
    clean: true,
  },
  resolve: { extensions: [".ts", ".js"] },
  module: { rules: [{ test: /\.ts$/, use: "ts-loader", exclude: /node_modules/ }] },
  plugins: [new HtmlWebpackPlugin({ template: "src/index.html", scriptLoading: "module" })],
  performance: { maxAssetSize: 200_000, maxEntrypointSize: 200_000, hints: "error" },
  stats: "errors-warnings",
};
